package main

import (
	"context"
	"fmt"
	"time"
	"os"
	"slices"
	"os/exec"

	"concurrency-notebook/03-processes/procpool"
)
var noop = procpool.Define("noop", func(x int) (int, error) { return x, nil })
var echo = procpool.Define("echo", func(x []byte) ([]byte, error) { return x, nil })
func check(err error) { if err != nil { panic(err) } }

func main() {
	procpool.Serve()
	ctx := context.Background()
	n := 1
	if len(os.Args) > 1 { n = 2 }
	res := map[string][]float64{}
	var keys []string
	add := func(k string, v float64) { if res[k]==nil { keys = append(keys, k) }; res[k] = append(res[k], v) }
	mib := make([]byte, 1<<20)
	for range 9 {
		p, err := procpool.New(n); check(err)
		noop.Call(ctx, p, 0)
		t := time.Now()
		for i := range 2000 { _, err := noop.Call(ctx, p, i); check(err) }
		add("go call", float64(time.Since(t).Nanoseconds())/2000/1e3)
		ins := make([]int, 100000)
		t = time.Now()
		_, err = noop.Map(ctx, p, ins); check(err)
		add("go map", float64(time.Since(t).Nanoseconds())/100000/1e3)
		for range 10 { echo.Call(ctx, p, mib) }
		t = time.Now()
		for range 100 { _, err := echo.Call(ctx, p, mib); check(err) }
		add("go 1MiB", float64(time.Since(t).Nanoseconds())/100/1e3)
		p.Close()
		o, err := exec.Command("python3", "/tmp/pp/mib/pyall.py").Output(); check(err)
		var a, b, c, d, e, f float64; fmt.Sscan(string(o), &a, &b, &c, &d, &e, &f)
		add("py apply", a); add("py map64", b); add("py pool 1M", c); add("py pipe 1M", d); add("py pipe 64B", e); add("py pipe 1M cold", f)
	}
	for _, key := range keys {
		v := res[key]; slices.Sort(v); fmt.Printf("%-20s  %6.2f %6.2f %6.2f us\n", key, v[0], v[len(v)/2], v[len(v)-1]) }
}
