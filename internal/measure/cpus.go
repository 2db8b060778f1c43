package measure

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// A Calibration tells how much of the machine was there when it was made.
type Calibration struct {
	Want int     // the CPUs that Go would use
	Got  float64 // the CPUs that as many spinners really had
}

// calibrationTime is long against a scheduler's time slice, short for a reader.
const calibrationTime = 100 * time.Millisecond

// UsableCPUs returns how many CPUs Go would use: the smaller of NumCPU and
// GOMAXPROCS.
func UsableCPUs() int { return min(runtime.NumCPU(), runtime.GOMAXPROCS(0)) }

// Calibrate spins one goroutine for each CPU that Go would use and measures how
// many CPUs they get. A busy neighbour or a quota takes its share of them;
// GOMAXPROCS shows neither.
func Calibrate(ctx context.Context) Calibration {
	c := Calibration{Want: UsableCPUs()}
	cpu, start := CPUTime(), WallTime()
	var wg sync.WaitGroup
	for range c.Want {
		wg.Go(func() {
			for ctx.Err() == nil && WallTime()-start < calibrationTime {
			}
		})
	}
	wg.Wait()
	c.Got = (CPUTime() - cpu).Seconds() / max(WallTime()-start, time.Microsecond).Seconds()
	return c
}

// WhyNotTimed returns why nothing that rests on a time, a rate or CPU time can
// be judged on this machine now, or "" if it can: load is a bias, not noise.
func (c Calibration) WhyNotTimed() string {
	if c.Got < 0.9*float64(c.Want) {
		return fmt.Sprintf("only %s of %d CPUs were free: something else is running, or a quota holds them back",
			Number(c.Got), c.Want)
	}
	return ""
}

// WhyNotParallel returns why no claim about parallelism can be judged on this
// machine now, or "" if it can.
func (c Calibration) WhyNotParallel() string {
	if c.Want < 2 {
		return fmt.Sprintf("parallelism needs two CPUs: this machine has %d and GOMAXPROCS is %d",
			runtime.NumCPU(), runtime.GOMAXPROCS(0))
	}
	return c.WhyNotTimed()
}
