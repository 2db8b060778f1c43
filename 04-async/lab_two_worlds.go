package main

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareWorlds(ctx context.Context, lab *notebook.Lab) error {
	const takes = 25 * time.Millisecond
	lab.Predict("a call of an async function runs nothing; two that wait for %v take %v if one is awaited after the other, and %v if they're gathered; in Go the same function does both", takes, 2*takes, takes)
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"seconds": takes.Seconds()},
		measure.Variant{Name: "in turn", Run: func(context.Context) error {
			inTurn(takes)
			return nil
		}},
		measure.Variant{Name: "at once", Run: func(context.Context) error {
			atOnce(takes)
			return nil
		}})
	if err != nil {
		return err
	}
	judgeWorlds(lab, went, theirs)
	return nil
}

func judgeWorlds(lab *notebook.Lab, went, theirs measure.Samples) {
	time := notebook.Time("time for two calls that wait for 25 ms")
	lab.Headline(time, "Two calls that wait for 25 ms")
	for _, row := range []struct {
		name, variant string
		samples       measure.Samples
		ideal         float64
	}{
		{"CPython, awaited one after another", "in turn", theirs, 0.05},
		{"CPython, gathered", "at once", theirs, 0.025},
		{"Go, called one after another", "in turn", went, 0.05},
		{"Go, each in a goroutine", "at once", went, 0.025},
	} {
		lab.Figure(time, row.name, row.samples.Estimate(row.variant), row.ideal)
	}

	created, refused := theirs.Estimate("created"), theirs.Estimate("refused")
	worlds, libraries, called := measure.Cannot("%s", created.Missing), measure.Cannot("%s", created.Missing), measure.Cannot("%s", created.Missing)
	pairs, strangers, only := theirs.Estimate("pairs").Median, theirs.Estimate("strangers").Median, theirs.Estimate("async only").Median
	shared := theirs.Estimate("shared").Median == 1
	if created.N > 0 {
		worlds = measure.Fact(created.Median == 1 && refused.Median == 2,
			"a call from ordinary code returned a coroutine of which nothing had run: %s; of 2 ways to mix the worlds, await in an ordinary function and asyncio.run in a coroutine, CPython refused %s", yesNo(created.Median == 1), measure.Count(refused.Median))
		libraries = measure.Fact(strangers == pairs && shared,
			"of %s classes that both worlds have, %s wait by a call in the one and by await in the other; what a coroutine writes into a global variable, ordinary code reads: %s; of the syntax, %s pieces are refused in ordinary functions: await, async for, async with",
			measure.Count(pairs), measure.Count(strangers), yesNo(shared), measure.Count(only))
		if libraries.Answer == measure.Yes && only > 0 {
			libraries.Answer = measure.InPart
		}
		called = measure.Fact(created.Median == 1, "a call without await returned a coroutine, and none of its lines had run; thrown away, it made CPython warn: %s", yesNo(theirs.Estimate("warned").Median == 1))
	}
	lab.Judge("S1", notebook.CPython, worlds)
	text := fmt.Sprintf("Awaited one after another, two coroutines that wait took %s; gathered, %s.", theirs.Estimate("in turn").Seconds(), theirs.Estimate("at once").Seconds())
	lab.Answer("S1", notebook.CPython, notebook.Wording{
		measure.Yes: "Ordinary code that called an async function got a coroutine, and none of its lines ran. " + text,
		measure.No:  "Here ordinary code and coroutines could be mixed. " + text,
	})
	lab.Judge("S1", notebook.Go, went.Ratio("in turn", "at once").Above("called one after another / each in a goroutine", 1.5).Means(measure.Different, measure.Same))
	text = fmt.Sprintf("called twice in a row it took %s, and in two goroutines %s.", went.Estimate("in turn").Seconds(), went.Estimate("at once").Seconds())
	lab.Answer("S1", notebook.Go, notebook.Wording{
		measure.Different: "There's one kind of function, and the caller decides: " + text,
		measure.Same:      "The same function didn't serve both ways: " + text,
	})
	lab.Judge("S2", notebook.CPython, libraries)
	text = fmt.Sprintf("Of %s classes that both worlds have, %s wait by a call in the one and by an await in the other.", measure.Count(pairs), measure.Count(strangers))
	lab.Answer("S2", notebook.CPython, notebook.Wording{
		measure.Yes:    text + " Variables are shared, and so is the syntax.",
		measure.InPart: fmt.Sprintf("%s Variables are shared. But %s pieces of the syntax are errors in an ordinary function: await, async for and async with.", text, measure.Count(only)),
		measure.No:     fmt.Sprintf("%s What a coroutine writes into a global variable, ordinary code reads: %s.", text, yesNo(shared)),
	})
	lab.Judge("4.5", notebook.CPython, called)
}

func yesNo(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
