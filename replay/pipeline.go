package replay

import (
	"context"
	"iter"
	"sync"

	"github.com/rulewind/rulewind/corpus"
)

// A batch is some consecutive cases, or what became of them.
type batch[T any] struct {
	number int
	cases  []corpus.Case
	out    []T
	err    error // of reading, after the cases
}

// Bounds of a batch: enough work to be worth handing over, little enough to hold
// a few for each worker.
const (
	batchCases = 64
	batchBytes = 256 << 10
)

// each maps the cases by workers and calls merge with the outcomes in the order
// of the cases, on the calling goroutine, whatever the number of workers. It ends
// early, without an error, when ctx is cancelled, and reports whether it did.
//
// A reader goroutine makes batches, workers map them, and the caller puts them
// back in order. The window bounds how many are under way.
func each[T any](ctx context.Context, cases iter.Seq2[corpus.Case, error], workers int, worker func() func(*corpus.Case) T, merge func(T)) (interrupted bool, err error) {
	workers = max(workers, 1)
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer stop()

	todo := make(chan batch[T])
	done := make(chan batch[T])
	window := make(chan struct{}, 2*workers)
	wait.Go(func() { deal(ctx, cases, todo, window) })
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			f := worker()
			for b := range todo {
				for i := range b.cases {
					if ctx.Err() != nil {
						break
					}
					b.out = append(b.out, f(&b.cases[i]))
				}
				b.cases = nil
				select {
				case done <- b:
				case <-ctx.Done():
				}
			}
		})
	}
	wait.Go(func() { working.Wait(); close(done) })

	waiting := map[int]batch[T]{}
	next := 0
	for b := range done {
		waiting[b.number] = b
		for b, ok := waiting[next]; ok; b, ok = waiting[next] {
			delete(waiting, next)
			next++
			<-window
			for _, x := range b.out {
				merge(x)
			}
			if b.err != nil {
				return false, b.err
			}
		}
	}
	return ctx.Err() != nil, nil
}

// deal makes batches of the cases until they end, one can't be read, or ctx is
// cancelled.
func deal[T any](ctx context.Context, cases iter.Seq2[corpus.Case, error], todo chan<- batch[T], window chan<- struct{}) {
	defer close(todo)
	b, size := batch[T]{}, 0
	send := func() bool {
		select {
		case window <- struct{}{}:
		case <-ctx.Done():
			return false
		}
		select {
		case todo <- b:
		case <-ctx.Done():
			return false
		}
		b, size = batch[T]{number: b.number + 1}, 0
		return true
	}
	for c, err := range cases {
		if err != nil {
			b.err = err
			break
		}
		b.cases = append(b.cases, c)
		for i := range c.Steps {
			size += len(c.Steps[i].Frame.Raw) + 256
		}
		if (len(b.cases) >= batchCases || size >= batchBytes) && !send() {
			return
		}
	}
	if len(b.cases) > 0 || b.err != nil {
		send()
	}
}
