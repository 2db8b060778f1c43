package main

import (
	"context"
	"fmt"
	"time"
	"runtime"
	"syscall"
	"os"
	"runtime/pprof"

	"concurrency-notebook/03-processes/procpool"
)
var echo = procpool.Define("echo", func(x []byte) ([]byte, error) { return x, nil })
var faults = procpool.Define("faults", func(x int) ([]int64, error) { var u syscall.Rusage; syscall.Getrusage(0, &u); var m runtime.MemStats; runtime.ReadMemStats(&m); return []int64{u.Minflt, u.Nvcsw, u.Nivcsw, int64(m.NumGC)}, nil })
func check(err error) { if err != nil { panic(err) } }

func main() {
	procpool.Serve()
	ctx := context.Background()
	p, err := procpool.New(1); check(err)
	mib := make([]byte, 1<<20)
	if len(os.Args) > 1 { f, _ := os.Create(os.Args[1]); pprof.StartCPUProfile(f); defer pprof.StopCPUProfile() }
	for range 5 {
		var u, v syscall.Rusage; syscall.Getrusage(0, &u)
		var m, m2 runtime.MemStats; runtime.ReadMemStats(&m)
		f0, err := faults.Call(ctx, p, 0); check(err)
		c := p.CPUTime()
		t := time.Now()
		for range 300 { _, err := echo.Call(ctx, p, mib); check(err) }
		d := time.Since(t)/300
		syscall.Getrusage(0, &v)
		runtime.ReadMemStats(&m2)
		f1, err := faults.Call(ctx, p, 0); check(err)
		fmt.Println(d, "parent cpu", time.Duration(v.Utime.Nano()-u.Utime.Nano())/300, time.Duration(v.Stime.Nano()-u.Stime.Nano())/300, "worker cpu", (p.CPUTime()-c)/300, "flt", (v.Minflt-u.Minflt)/300, "gc", m2.NumGC-m.NumGC, "csw", (v.Nvcsw-u.Nvcsw)/300, (v.Nivcsw-u.Nivcsw)/300,
		"worker flt", (f1[0]-f0[0])/300, "csw", float64(f1[1]-f0[1])/300, (f1[2]-f0[2])/300, "gc", f1[3]-f0[3])
	}
	p.Close()
}
