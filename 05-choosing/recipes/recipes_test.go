package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// In these tests, a goroutine that's left behind is found by synctest.Test: it
// fails if one still waits when the test has returned.

// roundTrip is a site that needs no network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDownloads(t *testing.T) {
	transport := http.DefaultClient.Transport
	defer func() { http.DefaultClient.Transport = transport }()
	http.DefaultClient.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		answer := httptest.NewRecorder()
		takes := time.Second
		switch r.URL.Path {
		case "/missing":
			answer.WriteHeader(http.StatusNotFound)
		case "/never":
			takes = time.Hour
		}
		select {
		case <-time.After(takes):
			return answer.Result(), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
	urls := func(n int, path string) (all []string) {
		for range n {
			all = append(all, "http://site.example"+path)
		}
		return all
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		pages, err := downloadAll(t.Context(), urls(110, "/"))
		require.NoError(t, err)
		require.Len(t, pages, 110)
		require.Equal(t, 11*time.Second, time.Since(start), "ten at a time and no more")

		_, err = downloadAll(t.Context(), append(urls(1, "/"), urls(1, "/missing")...))
		require.ErrorContains(t, err, "404")

		start = time.Now()
		_, err = downloadAll(t.Context(), urls(20, "/never"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(start), "a site that never answers keeps nobody")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		_, err = downloadAll(ctx, urls(100, "/"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestAtMostSoManyAtATime(t *testing.T) {
	items := []int{5, 4, 3, 2, 1, 6, 7, 8, 9}
	synctest.Test(t, func(t *testing.T) {
		var here, most, begun atomic.Int64
		work := func(ctx context.Context, n int) (int, error) {
			begun.Add(1)
			most.Store(max(most.Load(), here.Add(1)))
			defer here.Add(-1)
			select {
			case <-time.After(time.Duration(n) * time.Second):
			case <-ctx.Done():
				return 0, ctx.Err()
			}
			if n == 3 {
				return 0, io.EOF
			}
			return n * n, nil
		}
		squares, err := atMost(t.Context(), 3, []int{5, 4, 2, 1, 6}, work)
		require.NoError(t, err)
		require.Equal(t, []int{25, 16, 4, 1, 36}, squares)
		require.EqualValues(t, 3, most.Load())

		begun.Store(0)
		start := time.Now()
		_, err = atMost(t.Context(), 3, items, work)
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, 3*time.Second, time.Since(start), "the error stops those at work")
		require.EqualValues(t, 3, begun.Load(), "and the rest isn't begun")

		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		_, err = atMost(ctx, 1, []int{1, 1, 1}, work)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestFirstErrorStopsTheRestAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		require.NoError(t, firstError(t.Context(), io.Discard))
		require.Zero(t, time.Since(start))
	})
}

func TestAllErrorsAreThereAndCanBeFound(t *testing.T) {
	errRefused, errSlow := errors.New("refused"), errors.New("slow")
	err := checkAll(t.Context(), []string{"db", "web", "mail"}, func(_ context.Context, host string) error {
		return map[string]error{"db": errRefused, "mail": errSlow}[host]
	})
	require.ErrorIs(t, err, errRefused)
	require.ErrorIs(t, err, errSlow)
	require.EqualError(t, err, "db: refused\nmail: slow")
	require.NoError(t, checkAll(t.Context(), nil, nil))

	synctest.Test(t, func(t *testing.T) {
		var here, most, begun atomic.Int64
		check := func(ctx context.Context, _ string) error {
			begun.Add(1)
			most.Store(max(most.Load(), here.Add(1)))
			defer here.Add(-1)
			time.Sleep(time.Second)
			return nil
		}
		start := time.Now()
		require.NoError(t, checkAll(t.Context(), make([]string, 5000), check))
		require.EqualValues(t, 10, most.Load(), "ten at a time")
		require.Equal(t, 500*time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		begun.Store(0)
		require.ErrorIs(t, checkAll(ctx, make([]string, 40), check), context.DeadlineExceeded)
		require.LessOrEqual(t, begun.Load(), int64(20), "the rest isn't begun")
	})
}

func TestYouMayStopBeforeAllHaveCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ask := func(context.Context, string) (int, error) { time.Sleep(time.Minute); return 0, nil }
		for range readings(t.Context(), []string{"Oslo", "Rome", "Bern"}, ask) {
			break // and nobody receives the rest
		}
	})
}

func TestDemosEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start := time.Now()
		for range 100 { // on either side of a race
			require.ErrorIs(t, pipeline(ctx, io.Discard), context.Canceled)
		}
		var printed strings.Builder
		require.NoError(t, asTheyCome(ctx, &printed))
		require.Zero(t, time.Since(start))
		require.Contains(t, printed.String(), "Rome: context canceled")
	})
}

// The main of the page: a program that failed says so with its exit code, too.
func TestMainOfThePage(t *testing.T) {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(page), "package main\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "```")
	file := filepath.Join(t.TempDir(), "main.go")
	program := `package main
import ("context"; "errors"; "io"; "log"; "os"; "os/signal"; "syscall")
func manyDownloads(ctx context.Context, w io.Writer) error { return errors.New("soup") }
` + text
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	printed, err := exec.CommandContext(t.Context(), gocmd, "run", file).CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "%s", printed)
	require.Contains(t, string(printed), "soup\nexit status 1")
}

func TestProcessAll(t *testing.T) {
	jobs := func(yield func(int) bool) {
		for job := 0; job < 100 && yield(job); job++ {
		}
	}
	done, failed, err := processAll(t.Context(), 3, jobs, func(job int) error {
		if job == 7 {
			return nil
		}
		return io.EOF
	})
	require.NoError(t, err)
	require.Equal(t, 1, done)
	require.Len(t, failed, 99, "broken jobs end no worker")
	require.ErrorIs(t, failed[0].err, io.EOF)
	require.NotEqual(t, 7, failed[0].job)

	none := func(func(int) bool) {}
	done, failed, err = processAll(t.Context(), 3, none, nil)
	require.NoError(t, err)
	require.Zero(t, done)
	require.Empty(t, failed)

	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		done, _, err := processAll(ctx, 3, jobs, func(int) error { time.Sleep(time.Second); return nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 6, done, "those at hand are finished, and no other is begun")

		ended, end := context.WithCancel(t.Context())
		end()
		late := func(yield func(int) bool) { synctest.Wait(); yield(0) } // when all workers wait for a job
		for range 100 {
			done, _, err = processAll(ended, 3, late, func(int) error { return nil })
			require.ErrorIs(t, err, context.Canceled)
			require.Zero(t, done)
		}
	})
}

func TestPipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var opened, uploaded, most atomic.Int64
		photos := func(yield func(int) bool) {
			for opened.Load() < 100 {
				photo := opened.Add(1)
				most.Store(max(most.Load(), photo-uploaded.Load()))
				if !yield(int(photo)) {
					return
				}
			}
		}
		upload := func(_ context.Context, photo int) error {
			time.Sleep(time.Second)
			uploaded.Add(1)
			return nil
		}
		require.NoError(t, uploadAll(t.Context(), photos, upload))
		require.Equal(t, []int64{100, 100}, []int64{opened.Load(), uploaded.Load()})
		require.EqualValues(t, 6, most.Load(), "as many are open at once")

		opened.Store(0)
		uploaded.Store(0)
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, uploadAll(ctx, photos, upload), context.DeadlineExceeded)
		require.Less(t, opened.Load(), int64(10))

		failing := func(context.Context, int) error { return io.EOF }
		opened.Store(0)
		require.ErrorIs(t, uploadAll(t.Context(), photos, failing), io.EOF)
		require.NoError(t, uploadAll(t.Context(), func(func(int) bool) {}, failing))
	})
}

func TestPartialAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		cleanedUp := false
		answers, errs := askAll(t.Context(), 2*time.Second, []service{
			{"late", func(ctx context.Context) (string, error) {
				defer func() { cleanedUp = true }()
				select {
				case <-time.After(time.Hour):
					return "late", nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}},
			{"quick", func(context.Context) (string, error) { time.Sleep(time.Second); return "quick", nil }},
			{"broken", func(context.Context) (string, error) { return "", io.EOF }},
		})
		require.Equal(t, []string{"", "quick", ""}, answers)
		require.ErrorIs(t, errs[0], context.DeadlineExceeded)
		require.NoError(t, errs[1])
		require.ErrorIs(t, errs[2], io.EOF)
		require.Equal(t, 2*time.Second, time.Since(start))
		require.True(t, cleanedUp)

		answers, _ = askAll(t.Context(), time.Second, nil)
		require.Empty(t, answers)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, errs = askAll(ctx, time.Second, []service{{"any", func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}}})
		require.ErrorIs(t, errs[0], context.Canceled)
	})
}

func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan int)
		go func() {
			defer close(items)
			for n := range 10 {
				if n == 5 {
					time.Sleep(time.Hour)
				}
				items <- n
				time.Sleep(400 * time.Millisecond)
			}
		}()
		var got [][]int
		for batch := range batches(t.Context(), items, 3, time.Second) {
			got = append(got, batch)
			time.Sleep(time.Minute) // whatever comes meanwhile isn't lost
		}
		require.Equal(t, [][]int{{0, 1, 2}, {3, 4}, {5, 6, 7}, {8, 9}}, got)

		closed := make(chan int)
		close(closed)
		for range batches(t.Context(), closed, 3, time.Second) {
			t.Error("an empty batch")
		}
		few := make(chan int, 9)
		few <- 1
		for batch := range batches(t.Context(), few, 3, time.Second) {
			require.Equal(t, []int{1}, batch, "it waits for no more than that time")
			break // and nothing runs on
		}
	})
}

// Nobody closes the channel. What has come is stored all the same.
func TestBatchesEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan int, 9)
		for n := range 8 {
			items <- n
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, cancel)
		var got []int
		for batch := range batches(ctx, items, 3, 2*time.Hour) {
			require.LessOrEqual(t, len(batch), 3)
			got = append(got, batch...)
		}
		require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7}, got)

		for n := range 8 { // there, but not yet taken
			items <- n
		}
		got = nil
		for batch := range batches(ctx, items, 3, time.Second) {
			require.LessOrEqual(t, len(batch), 3)
			got = append(got, batch...)
		}
		require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7}, got)
	})
}

func TestKeepNewest(t *testing.T) {
	queue := make(chan int, 3)
	for n := range 100 {
		putNewest(queue, n)
	}
	require.Equal(t, []int{97, 98, 99}, []int{<-queue, <-queue, <-queue})

	const last = 10_000 // beside a receiver
	go func() {
		for n := range last + 1 {
			putNewest(queue, n)
		}
	}()
	for before := -1; before < last; {
		n := <-queue
		require.Greater(t, n, before, "in their order, and the last one comes")
		before = n
	}
}

func TestReaderEndsWhenItIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := threadToLoop(ctx, io.Discard); err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
	})
}

// brokenPipe is a terminal or a client that has gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReaderEndsWhenNobodyTakesItsLines(t *testing.T) {
	lines := doorLines
	defer func() { doorLines = lines }()
	doorLines = make([]string, 10) // more than there's room for
	synctest.Test(t, func(t *testing.T) {
		require.ErrorIs(t, threadToLoop(t.Context(), brokenPipe{}), io.ErrClosedPipe)
	})
}

func TestProgressEndsWhenItIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var printed strings.Builder
		require.ErrorIs(t, processProgress(ctx, &printed), context.Canceled)
		require.Empty(t, printed.String(), "a part isn't taken for the sum")
		require.ErrorIs(t, limitedTasks(ctx, &printed), context.Canceled)
		require.ErrorIs(t, cpuFromServer(ctx, &printed), context.Canceled)
		require.Empty(t, printed.String())
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := newLimiter(1)
		start := time.Now()
		time.Sleep(time.Minute) // saves no turns up
		require.NoError(t, limit.wait(t.Context()))
		require.NoError(t, limit.wait(t.Context()))
		require.Equal(t, 61*time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		require.ErrorIs(t, limit.wait(ctx), context.DeadlineExceeded)
	})
	served := func(callers int, d time.Duration, again bool) (n int64) {
		synctest.Test(t, func(t *testing.T) {
			limit := newLimiter(10)
			var sent atomic.Int64
			until, end := context.WithTimeout(t.Context(), d)
			defer end()
			var waiting sync.WaitGroup
			for range callers {
				waiting.Go(func() {
					for until.Err() == nil {
						ctx, cancel := context.WithTimeout(until, 2*time.Second)
						if limit.wait(ctx) == nil {
							sent.Add(1)
						}
						cancel()
						if !again {
							return
						}
					}
				})
			}
			waiting.Wait()
			n = sent.Load()
			start := time.Now()
			require.NoError(t, limit.wait(t.Context()))
			require.LessOrEqual(t, time.Since(start), 100*time.Millisecond, "callers that gave up took no turns")
		})
		return n
	}
	require.InDelta(t, 20, served(1000, 2*time.Second, false), 1)
	require.InDelta(t, 600, served(30, time.Minute, true), 1, "as many for callers that give up and ask again")
}

type fullServer struct{}

func (fullServer) Error() string             { return "full" }
func (fullServer) RetryAfter() time.Duration { return 7 * time.Second }

func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, tries := time.Now(), 0
		err := retry(t.Context(), 10*time.Second, mayPass, func(context.Context) error { tries++; return errDown })
		require.ErrorIs(t, err, errDown, "the last error, which says more than a timeout")
		require.Less(t, time.Since(start), 10*time.Second)
		require.Greater(t, tries, 3)
		require.Less(t, tries, 1000, "it waits between them")

		tries = 0
		err = retry(t.Context(), time.Hour, mayPass, func(context.Context) error { tries++; return io.EOF })
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, 1, tries)

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		err = retry(ctx, time.Hour, mayPass, func(context.Context) error { return errDown })
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errDown)
	})
	synctest.Test(t, func(t *testing.T) { // a server that hangs
		ctx := t.Context()
		tries := 0
		hangs := func(ctx context.Context) error {
			if tries++; tries == 3 {
				return nil
			}
			try, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			<-try.Done()
			return try.Err()
		}
		require.NoError(t, retry(ctx, 10*time.Second, mayPass, hangs), "a try's own timeout isn't the end")
		require.Equal(t, 3, tries)

		tries = -1000 // it never gets better
		require.ErrorIs(t, retry(ctx, 10*time.Second, mayPass, hangs), context.DeadlineExceeded)
		require.LessOrEqual(t, tries, -985, "the deadline ends all tries")

		tries = 0
		err := retry(ctx, time.Second, func(err error) bool { return errors.Is(err, io.EOF) },
			func(context.Context) error { tries++; return errDown })
		require.ErrorIs(t, err, errDown)
		require.Equal(t, 1, tries, "you say what's tried again")
	})
	synctest.Test(t, func(t *testing.T) { // a server that says when to come back
		start, answers := time.Now(), []error{fmt.Errorf("asking: %w", fullServer{}), errDown, nil}
		require.NoError(t, retry(t.Context(), time.Minute, func(error) bool { return true }, func(context.Context) error {
			err := answers[0]
			answers = answers[1:]
			return err
		}))
		require.GreaterOrEqual(t, time.Since(start), 7*time.Second)
		require.Less(t, time.Since(start), 8*time.Second)
	})
	pauses := make(map[time.Duration]bool) // of a hundred that fail together
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			start, answers := time.Now(), []error{errDown, nil}
			require.NoError(t, retry(t.Context(), time.Hour, mayPass, func(context.Context) error {
				err := answers[0]
				answers = answers[1:]
				return err
			}))
			pauses[time.Since(start)] = true
		})
	}
	require.Greater(t, len(pauses), 90, "they don't come back together")
}

func TestLateAnswerLeavesNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := callWithin(ctx, func() (int, error) { time.Sleep(time.Hour); return 7, nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = callWithin(t.Context(), func() (int, error) { return 0, io.EOF })
		require.ErrorIs(t, err, io.EOF)
		time.Sleep(2 * time.Hour) // the call has ended, and its goroutine
	})
}

func TestCallsThatHangAreLimited(t *testing.T) {
	var begun atomic.Int64
	release := make(chan struct{})
	hang := func() (int, error) { begun.Add(1); <-release; return 0, nil }
	for range 30 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, err := callWithin(ctx, hang)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		cancel()
	}
	require.LessOrEqual(t, begun.Load(), int64(20))
	require.Len(t, slots, 20)
	close(release)
	value, err := callWithin(t.Context(), func() (int, error) { return 7, nil })
	require.NoError(t, err, "there's room again")
	require.Equal(t, 7, value)
}

func replica(name string, takes time.Duration) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		select {
		case <-time.After(takes):
			return name, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func TestHedged(t *testing.T) {
	_, err := hedged[string](t.Context(), time.Second)
	require.Error(t, err, "nobody's answer is no answer")
	broken := func(context.Context) (string, error) { return "", io.EOF }
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		winner, err := hedged(t.Context(), time.Minute, broken, replica("second", time.Second))
		require.NoError(t, err, "an error isn't an answer")
		require.Equal(t, "second", winner)
		require.Equal(t, time.Second, time.Since(start), "and nobody waits after it")

		winner, err = hedged(t.Context(), time.Second, replica("first", 3*time.Second), broken)
		require.NoError(t, err)
		require.Equal(t, "first", winner)

		_, err = hedged(t.Context(), time.Second, broken, broken)
		require.EqualError(t, err, "EOF\nEOF")

		asked := false
		_, err = hedged(t.Context(), time.Second, replica("quick", 0), func(context.Context) (string, error) {
			asked = true
			return "", nil
		})
		require.NoError(t, err)
		require.False(t, asked, "a quick answer costs one request")

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err = hedged(ctx, time.Second, replica("a", time.Hour), replica("b", time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestShutDown(t *testing.T) {
	for _, test := range []struct {
		name             string
		takes, until     time.Duration
		second, isCutOff bool
	}{
		{name: "nothing is under way"},
		{name: "all is answered in time", takes: 3 * time.Second, until: 3 * time.Second},
		{name: "the grace period ends", takes: time.Hour, until: 10 * time.Second, isCutOff: true},
		{name: "a second Ctrl-C", takes: time.Hour, until: 2 * time.Second, second: true, isCutOff: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cutOff := context.WithCancel(t.Context())
				defer cutOff()
				signals := make(chan os.Signal, 2)
				var underWay sync.WaitGroup
				underWay.Go(func() {
					select {
					case <-time.After(test.takes):
					case <-ctx.Done():
					}
				})
				start := time.Now()
				signals <- syscall.SIGTERM
				if test.second {
					time.AfterFunc(2*time.Second, func() { signals <- os.Interrupt })
				}
				shutDown(signals, 10*time.Second, &underWay, cutOff)
				require.Equal(t, test.until, time.Since(start))
				require.Equal(t, test.isCutOff, ctx.Err() != nil)
			})
		})
	}
}

func TestEvery(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	runs := func(t *testing.T, takes func(run int) time.Duration) (begins []int) {
		ctx, cancel := context.WithTimeout(t.Context(), 570*time.Second)
		defer cancel()
		start := time.Now()
		err := every(ctx, time.Minute, func(context.Context) error {
			begins = append(begins, int(time.Since(start).Seconds()))
			time.Sleep(takes(len(begins)))
			return errors.New("failed, and is run again")
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		return begins
	}
	synctest.Test(t, func(t *testing.T) {
		require.Equal(t, []int{0, 60, 120, 180, 240, 300, 360, 420, 480, 540},
			runs(t, func(int) time.Duration { return 7 * time.Second }), "no drift")
		require.Equal(t, []int{0, 240, 300, 360, 420, 480, 540},
			runs(t, func(run int) time.Duration { return 200 * time.Second / time.Duration(run*run*run*run) }), "no pile")
	})
	synctest.Test(t, func(t *testing.T) { // what the page says of a ticker
		start, ticker := time.Now(), time.NewTicker(time.Minute)
		defer ticker.Stop()
		<-ticker.C
		time.Sleep(80 * time.Second)
		<-ticker.C
		require.Equal(t, 140*time.Second, time.Since(start), "the missed tick comes late")
	})
}

func TestLoadOnce(t *testing.T) {
	const all = 50
	var coming, loading, failed, got atomic.Int64
	broken := true
	o := once[int]{load: func() (int, error) {
		loading.Add(1)
		for coming.Load() < all { // so that most of them wait
			runtime.Gosched()
		}
		if broken {
			return 0, io.EOF
		}
		return 7, nil
	}}
	var callers sync.WaitGroup
	callAll := func() {
		for range all {
			callers.Go(func() {
				coming.Add(1)
				if value, err := o.get(); err != nil {
					failed.Add(1)
				} else {
					got.Add(int64(value))
				}
			})
		}
		callers.Wait()
	}
	callAll()
	require.EqualValues(t, all, failed.Load())
	require.Less(t, loading.Load(), int64(all), "those that waited hear of it, and don't try one after another")
	broken = false
	loading.Store(0)
	callAll()
	require.EqualValues(t, 1, loading.Load(), "after a failure, it tries again")
	require.EqualValues(t, 7*all, got.Load())

	loads := 0 // what the page says of OnceValues
	load := sync.OnceValues(func() (int, error) { loads++; return 0, io.EOF })
	load()
	_, err := load()
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, 1, loads)
}

func TestNobodySeesHalfOfTheSettings(t *testing.T) {
	current.Store(&settings{"0", "0"})
	replaced := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for open := true; open; {
				host, password, _ := strings.Cut(useSettings(func() {}), " with the ")
				require.Equal(t, host, password)
				select {
				case <-replaced:
					open = false
				default:
				}
			}
		})
	}
	for n := range 1000 {
		current.Store(&settings{fmt.Sprint(n), fmt.Sprint(n)})
	}
	close(replaced)
	readers.Wait()
}

func TestCacheWithoutRoomFetchesForAll(t *testing.T) {
	pages := answers{lasts: time.Hour, ask: func(ctx context.Context, page string) (string, error) {
		require.Nil(t, ctx.Value(requestID{}), "it's no single caller's request")
		return page, nil
	}}
	for range 2 {
		page, err := pages.get(withRequest(t.Context(), 7), "a")
		require.NoError(t, err)
		require.Equal(t, "a", page)
	}
	require.Empty(t, pages.kept)
}

func TestAnswerCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		broken := true
		pages := answers{room: 2, lasts: time.Hour, ask: func(ctx context.Context, page string) (string, error) {
			asked.Add(1)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return "", ctx.Err()
			}
			if page == "broken" && broken {
				return "", io.EOF
			}
			return page, nil
		}}
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(func() {
				page, err := pages.get(t.Context(), "a")
				require.NoError(t, err)
				require.Equal(t, "a", page)
			})
		}
		callers.Wait()
		require.EqualValues(t, 1, asked.Load(), "once for a hundred")

		_, err := pages.get(t.Context(), "broken")
		require.ErrorIs(t, err, io.EOF)
		synctest.Wait()
		broken = false
		_, err = pages.get(t.Context(), "broken")
		require.NoError(t, err, "a failure isn't kept")
		require.LessOrEqual(t, len(pages.kept), 2)
		require.Len(t, pages.keys, len(pages.kept))

		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		callers.Go(func() {
			_, err := pages.get(impatient, "b")
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
		synctest.Wait()
		before := asked.Load()
		page, err := pages.get(t.Context(), "b")
		require.NoError(t, err, "the first to ask has gone")
		require.Equal(t, "b", page)
		require.Equal(t, before, asked.Load())
		callers.Wait()
		before = asked.Load()
		for range 2 { // more are under way than there's room for
			for n := range 20 {
				callers.Go(func() {
					_, err := pages.get(t.Context(), fmt.Sprint(n))
					require.NoError(t, err)
				})
			}
			synctest.Wait()
		}
		callers.Wait()
		require.Equal(t, before+20, asked.Load(), "once, though there's no room")
		require.Len(t, pages.kept, 2)
		require.Len(t, pages.keys, 2)
		require.Empty(t, pages.running)

		for _, wait := range []time.Duration{0, 59 * time.Minute, 2 * time.Minute} {
			time.Sleep(wait)
			_, err = pages.get(t.Context(), "c")
			require.NoError(t, err)
		}
		require.Equal(t, before+22, asked.Load(), "and again when it's old")
		require.Len(t, pages.keys, len(pages.kept))
	})
}

func TestComputingStopsWaitingWithItsClient(t *testing.T) {
	require.NoError(t, computing.Acquire(t.Context(), int64(atWork)))
	defer computing.Release(int64(atWork))
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := answer(gone, 10)
	require.ErrorIs(t, err, context.Canceled)
}

// TestIndexLeadsToEachRecipe checks that the page's index names every question,
// and says what its answer runs in.
func TestIndexLeadsToEachRecipe(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	row := regexp.MustCompile(`(?m)^\| \[.*\]\(#(.*)\) \| (.*) \|$`)
	in := make(map[string]string)
	for _, columns := range row.FindAllStringSubmatch(string(text), -1) {
		require.Regexp(t, "threads|asyncio|processes", columns[2], columns[0])
		in[columns[1]] = columns[2]
	}
	questions := regexp.MustCompile(`(?m)^## (.*\?)$`).FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, questions)
	for _, question := range questions {
		anchor := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(question[1]), "")
		require.Contains(t, in, strings.ReplaceAll(anchor, " ", "-"))
	}
}

// TestRecipesStandAlone checks that a recipe can be pasted: it needs nothing of
// another one.
func TestRecipesStandAlone(t *testing.T) {
	declaredIn := make(map[string]string) // the file of each name
	unresolved := make(map[string][]*ast.Ident)
	for _, s := range chapter.Sections {
		file := strings.ReplaceAll(s.Name, "-", "_") + ".go"
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		unresolved[file] = parsed.Unresolved
		for name := range parsed.Scope.Objects {
			declaredIn[name] = file
		}
	}
	for file, names := range unresolved {
		for _, name := range names {
			require.Empty(t, declaredIn[name.Name], "%s needs %s", file, name.Name)
		}
	}
	scripts, err := filepath.Glob("*.py")
	require.NoError(t, err)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		for _, other := range scripts {
			if module := strings.TrimSuffix(other, ".py"); script != "recipe_checks.py" {
				require.NotContains(t, string(text), "import "+module)
				require.NotContains(t, string(text), "from "+module)
			}
		}
	}
}

// TestRecipesPrintFromOneGoroutineAtATime is for the race detector: an Example
// prints to a file, which is safe for several.
func TestRecipesPrintFromOneGoroutineAtATime(t *testing.T) {
	for _, s := range chapter.Sections {
		recipe := s.Demo
		if slices.Contains(waits, s.Name) {
			recipe = inVirtualTime(recipe)
		}
		var printed strings.Builder
		require.NoError(t, recipe(t.Context(), &printed), s.Name)
		require.NotEmpty(t, printed.String())
	}
}

// TestPython runs recipe_checks.py: what people get wrong in Python.
func TestPython(t *testing.T) {
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	var major, minor int
	_, err = fmt.Sscanf(i.Version, "%d.%d", &major, &minor)
	require.NoError(t, err)
	if major == 3 && minor < 11 {
		t.Skip("the recipes need Python 3.11, and this is ", i.Version)
	}
	printed, err := exec.CommandContext(t.Context(), i.Path, "-B", "recipe_checks.py").CombinedOutput()
	require.NoError(t, err, "%s", printed)
	require.Contains(t, string(printed), "all is well")
}
