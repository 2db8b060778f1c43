package procpool

import (
	"fmt"
	"os"
	"testing"
)

// program, in the environment, names the one of these programs that the test
// binary is when it starts, in place of the tests.
const program = "PROCPOOL_TEST_PROGRAM"

var programs = map[string]func(){
	"forgets Serve": func() {
		_, err := New(1)
		fmt.Println(err)
	},
	"never says hello": func() {
		os.Exit(3)
	},
	"babbles": func() {
		w := newWire(os.Stdin, os.Stdout)
		reply(w, message{kind: answered}, nil)
		w.receive()
		fmt.Println("Hello, world!")
		w.receive() // until the pool has had enough
	},
	"sends too much": func() {
		w := newWire(os.Stdin, os.Stdout)
		reply(w, message{kind: answered}, nil)
		w.receive()
		os.Stdout.Write(append(lie(maxSize+1, 0), "and more"...))
		w.receive()
	},
	"has a busy worker": func() {
		Serve()
		pool, err := New(2)
		if err == nil {
			_, err = spin.Call(background, pool, true)
		}
		panic(err)
	},
}

func TestMain(m *testing.M) {
	if run := programs[os.Getenv(program)]; run != nil {
		run()
		os.Exit(0)
	}
	Serve()
	os.Setenv("GORACE", "halt_on_error=1") // a data race in a worker kills it
	os.Exit(m.Run())
}
