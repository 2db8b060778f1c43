package main

import (
	"context"
	"fmt"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
)

// hike lets two climb a hill, meet on top, and eat. To meet, each has a semaphore
// that says that she is there.
func hike(meet func(a *actor, iAmHere, sheIsHere *primitive.Semaphore)) func(p *play) {
	return func(p *play) {
		ada, grace := primitive.NewSemaphore(0), primitive.NewSemaphore(0)
		p.enter("Ada", func(a *actor) {
			a.does("climbs")
			meet(a, ada, grace)
			a.does("eats")
		})
		p.enter("Grace", func(a *actor) {
			a.does("climbs")
			meet(a, grace, ada)
			a.does("eats")
		})
	}
}

func waitFirst(a *actor, iAmHere, sheIsHere *primitive.Semaphore) {
	a.acquire(sheIsHere)
	a.release(iAmHere)
}

func signalFirst(a *actor, iAmHere, sheIsHere *primitive.Semaphore) {
	a.release(iAmHere)
	a.acquire(sheIsHere)
}

func onAChannel(p *play) {
	top := make(chan string) // without a buffer
	p.enter("Ada", func(a *actor) {
		a.does("climbs")
		a.await(send(top, "bread"))
		a.does("eats")
	})
	p.enter("Grace", func(a *actor) {
		var bread string
		a.does("climbs")
		a.await(receive(top, &bread))
		a.does("eats")
	})
}

// metOnTop: nobody eats before both have climbed, and both eat.
func metOnTop(log []event) error {
	up, fed := 0, 0
	for _, e := range log {
		switch {
		case e.what == "climbs" && e.kind == ended:
			up++
		case e.what == "eats" && e.kind == begun && up < 2:
			return fmt.Errorf("%s eats while %d is on top", e.who, up)
		case e.what == "eats" && e.kind == ended:
			fed++
		}
	}
	if fed != 2 {
		return isUnfinished("%d have eaten", fed)
	}
	return nil
}

var hikes = []solution{
	{name: "wait, then signal", wrong: true, play: hike(waitFirst), rule: metOnTop},
	{name: "signal, then wait", play: hike(signalFirst), rule: metOnTop},
	{name: "a channel", play: onAChannel, rule: metOnTop},
}

func countMeetings(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("if each waits for the other to signal first, all of 1,000 schedules end there; if each signals first, none")
	return trial{claim: "6.61", solutions: hikes, moreThan: schedules - 1, predicted: []float64{schedules},
		found: "If both waited first, they were stuck in %s of 1,000 simulated schedules. If both signaled first, or met on an unbuffered channel: in %s."}.run(ctx, lab)
}
