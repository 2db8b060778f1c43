package procpool

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// program, in the environment, names the one of these programs that the test
// binary is when it starts, in place of the tests.
const program = "PROCPOOL_TEST_PROGRAM"

const startsFile = "PROCPOOL_TEST_STARTS" // of "is killed at its first starts"

var programs = map[string]func(){
	"forgets Serve": func() {
		_, err := New(1)
		fmt.Println(err)
		os.Exit(4)
	},
	"never says hello": func() {
		os.Exit(3)
	},
	"babbles": func() {
		answerOnce([]byte("Hello, world!\n"))
	},
	"sends too much": func() {
		answerOnce(append(lie(maxSize+1, 0), "and more"...))
	},
	"is killed at its first starts": func() {
		if err := (doom{Deaths: hires - 1, File: os.Getenv(startsFile)}).meet(); err != nil {
			panic(err)
		}
		Serve()
	},
	"is another version": func() {
		identity = "another"
		Serve()
	},
	"forgets Close": func() {
		Serve()
		pool, err := New(2)
		if err == nil {
			fmt.Println(double.Call(background, pool, 21))
			return
		}
		panic(err)
	},
	"lingers": func() {
		time.Sleep(time.Hour)
	},
	"has busy workers": func() { // on Linux, Go cannot interrupt them, and one is stopped
		Serve()
		workers := 2
		if runtime.GOOS == "linux" {
			os.Setenv("GODEBUG", "asyncpreemptoff=1")
			workers = 3
		}
		pool, err := New(workers)
		if err != nil {
			panic(err)
		}
		go stray.Call(background, pool, leaving{Then: "spin"})
		go spin.Call(background, pool, true)
		if workers == 3 {
			go stray.Call(background, pool, leaving{Then: "stop"})
		}
		select {}
	},
}

// answerOnce says hello, and answers the first call with this.
func answerOnce(answer []byte) {
	w := newWire(inherited.calls, inherited.answers)
	reply(w, message{kind: answered, text: identity}, parcel{})
	w.receive()
	inherited.answers.Write(answer)
	w.receive() // until the pool has had enough
}

func TestMain(m *testing.M) {
	if run := programs[os.Getenv(program)]; run != nil {
		run()
		os.Exit(0)
	}
	Serve(prepare)
	os.Setenv("GORACE", "halt_on_error=1 atexit_sleep_ms=0") // a data race in a worker kills it
	os.Exit(m.Run())
}
