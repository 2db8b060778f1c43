package main

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"time"

	"concurrency-notebook/03-processes/procpool"
)

type Order struct {
	ID    int
	Name  string
	Items []string
	Price float64
}

var noop = procpool.Define("noop", func(x int) (int, error) { return x, nil })
var order = procpool.Define("order", func(x Order) (Order, error) { return x, nil })
var echo = procpool.Define("echo", func(x []byte) ([]byte, error) { return x, nil })
var power = procpool.Define("power", func(x int) (int, error) { return pow(x), nil })

func pow(x int) int {
	r := new(big.Int).Exp(big.NewInt(7777), big.NewInt(int64(x)), nil)
	return r.BitLen()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
func med(n int, f func()) time.Duration {
	var ts []time.Duration
	for range n {
		t := time.Now()
		f()
		ts = append(ts, time.Since(t))
	}
	slices.Sort(ts)
	return ts[n/2]
}

func main() {
	procpool.Serve()
	if len(os.Args) > 1 && os.Args[1] == "exit" {
		return
	}
	ctx := context.Background()
	exe, _ := os.Executable()
	_ = exe
	bare := func() { check(exec.Command(exe, "exit").Run()) }
	bare2 := func() { p, err := os.StartProcess(exe, []string{exe, "exit"}, &os.ProcAttr{}); check(err); p.Wait() }
	first := func() { p, err := procpool.New(1); check(err); _, err = noop.Call(ctx, p, 1); check(err); go p.Close() }
	firstc := func() { p, err := procpool.New(1); check(err); _, err = noop.Call(ctx, p, 1); check(err); p.Close() }
	for range 3 {
		b, b2, f, fc := med(31, bare), med(31, bare2), med(31, first), med(31, firstc)
		fmt.Println("start: bare", b, "bare os.StartProcess", b2, "first answer", f, "with close", fc, "ratio", float64(f)/float64(b))
	}
	for _, n := range []int{1, 2} {
		p, err := procpool.New(n)
		check(err)
		fmt.Println("workers", n)
		for range 3 {
			const k = 5000
			t := time.Now()
			for i := range k {
				_, err := noop.Call(ctx, p, i)
				check(err)
			}
			fmt.Println(" call", time.Since(t)/k)
			c2, cancel := context.WithCancel(ctx)
			t = time.Now()
			for i := range k {
				_, err := noop.Call(c2, p, i)
				check(err)
			}
			fmt.Println(" call cancellable", time.Since(t)/k)
			cancel()
			t = time.Now()
			for range k {
				_, err := order.Call(ctx, p, Order{7, "kettle", []string{"a", "b"}, 1.5})
				check(err)
			}
			fmt.Println(" call order", time.Since(t)/k)
			ins := make([]int, 100000)
			for i := range ins {
				ins[i] = i
			}
			t = time.Now()
			_, err := noop.Map(ctx, p, ins)
			check(err)
			fmt.Println(" map/task", float64(time.Since(t).Nanoseconds())/100000, "ns")
			mib := make([]byte, 1<<20)
			t = time.Now()
			for range 300 {
				b, err := echo.Call(ctx, p, mib)
				check(err)
				if len(b) != 1<<20 {
					panic(1)
				}
			}
			fmt.Println(" 1MiB", time.Since(t)/300)
		}
		p.Close()
	}
	P := runtime.GOMAXPROCS(0)
	p, err := procpool.New(P)
	check(err)
	ins := slices.Repeat([]int{60000}, 40)
	for range 3 {
		s := med(1, func() {
			for _, x := range ins {
				pow(x)
			}
		})
		g := med(3, func() {
			var wg sync.WaitGroup
			ch := make(chan int, 40)
			for _, x := range ins {
				ch <- x
			}
			close(ch)
			for range P {
				wg.Go(func() {
					for x := range ch {
						pow(x)
					}
				})
			}
			wg.Wait()
		})
		m := med(3, func() { _, err := power.Map(ctx, p, ins); check(err) })
		fmt.Println("cpu: seq", s, "goroutines", float64(s)/float64(g), "workers", float64(s)/float64(m), "ratio", float64(g)/float64(m))
	}
	fmt.Println(p.CPUTime(), p.PIDs())
	p.Close()
}
