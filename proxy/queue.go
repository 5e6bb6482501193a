package proxy

import (
	"io"
	"sync"

	"github.com/rulewind/rulewind/proxy/mcp"
)

const (
	// maxQueued is how many bytes of one peer's making may wait in a queue. Who
	// has more there waits for room before the next message, which may be of any
	// size: a queue never holds more than this and one message.
	maxQueued = 1 << 20
	// maxBatch is how many bytes are worth a write although more are at hand.
	maxBatch = 64 << 10
	// keepBuffer is the largest buffer that is kept for reuse, in bytes.
	keepBuffer = 1 << 20
)

// contentKind says what a parcel is to its receiver: what to do if its record is lost.
type contentKind uint8

const (
	request      contentKind = iota // dropped; its sender has been refused
	notification                    // dropped
	answer                          // replaced by a refusal; refusals of requests too
	refusals                        // sent: they are ours, and carry nothing of a peer
)

// A parcel is one message on its way to a peer.
type parcel struct {
	wait  func() error // for its record; nil if none is needed
	what  contentKind
	id    mcp.ID
	epoch int // the session that it belongs to
	from  mcp.Dir
	start int // its bytes in the buffer, line feed included
	end   int
	lost  bool // not to be sent
}

// A queue holds what is to be written to one peer, in order. One goroutine at a time
// delivers: it takes everything, waits for the commits, and writes it in one go.
type queue struct {
	w      io.Writer
	closer io.Closer // nil if w is not to be closed
	lost   func(epoch int, err error)
	gone   chan struct{} // closed when the peer takes no more
	done   chan struct{} // closed when the queue's goroutine has ended

	mu      sync.Mutex
	room    sync.Cond // signalled when something has left
	work    sync.Cond // signalled when the queue's goroutine is to deliver
	parcels []parcel
	bytes   []byte
	held    [3]int // bytes queued or being written, by the direction they came from
	epoch   int    // requests of earlier sessions are not sent any more
	busy    bool   // somebody delivers
	ending  bool   // once empty, it is over
	over    bool   // nothing more is sent

	spare batch // buffers for reuse
}

// A batch is what is delivered in one go.
type batch struct {
	parcels []parcel
	bytes   []byte
}

// start makes the queue ready and starts its goroutine, which runs until end or
// abandon.
func (q *queue) start(w io.Writer, closer io.Closer, lost func(int, error)) {
	q.w, q.closer, q.lost = w, closer, lost
	q.gone, q.done = make(chan struct{}), make(chan struct{})
	q.room.L, q.work.L = &q.mu, &q.mu
	go q.run()
}

// run delivers what no reader delivers itself.
func (q *queue) run() {
	defer close(q.done)
	q.mu.Lock()
	for !q.over {
		if !q.busy && len(q.parcels) > 0 {
			q.turn()
		} else if !q.busy && q.ending {
			q.stop()
		} else {
			q.work.Wait()
		}
	}
	q.mu.Unlock()
	if q.closer != nil {
		_ = q.closer.Close() // a peer that is gone can't be told that we are
	}
}

// stop ends the queue; q.mu is held.
func (q *queue) stop() {
	if !q.over {
		q.over = true
		close(q.gone)
	}
	q.parcels, q.bytes, q.spare = nil, nil, batch{}
	q.room.Broadcast()
	q.work.Broadcast()
}

// push queues a message as a line. What comes for a peer that is gone is dropped.
func (q *queue) push(from mcp.Dir, p parcel, line []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return
	}
	p.from, p.start = from, len(q.bytes)
	q.bytes = append(append(q.bytes, line...), '\n')
	p.end = len(q.bytes)
	q.held[from] += p.end - p.start
	q.parcels = append(q.parcels, p)
}

// admit waits until less than the bound is held of what came from dir.
func (q *queue) admit(from mcp.Dir) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.held[from] >= maxQueued && !q.over {
		if !q.busy {
			q.work.Signal()
		}
		q.room.Wait()
	}
}

// wake has the queue's goroutine deliver, if at least min bytes are queued.
func (q *queue) wake(min int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.busy && len(q.bytes) >= min {
		q.work.Signal()
	}
}

// deliver sends what is queued, unless somebody is at it already, who goes on then.
func (q *queue) deliver() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy || len(q.parcels) == 0 {
		return
	}
	q.turn()
	if len(q.parcels) > 0 || q.ending || q.over {
		q.work.Signal()
	}
}

// turn takes all that is queued and sends it. q.mu is held, but not meanwhile.
func (q *queue) turn() {
	b := batch{q.parcels, q.bytes}
	q.parcels, q.bytes = q.spare.parcels[:0], q.spare.bytes[:0]
	q.spare = batch{}
	q.busy = true
	q.mu.Unlock()
	err := q.send(b)
	q.mu.Lock()
	q.busy = false
	for i := range b.parcels {
		q.held[b.parcels[i].from] -= b.parcels[i].end - b.parcels[i].start
	}
	if err != nil || q.over {
		q.stop()
		return
	}
	if cap(b.bytes) <= keepBuffer && cap(b.parcels) <= keepBuffer/64 {
		clear(b.parcels)
		q.spare = b
	}
	q.room.Broadcast()
}

// send waits for the records of a batch, and writes what is recorded.
func (q *queue) send(b batch) error {
	line := b.bytes
	if !q.recorded(b) {
		line = without(b)
	}
	if len(line) == 0 {
		return nil
	}
	_, err := q.w.Write(line)
	return err
}

// recorded waits for the records of a batch and marks what is not to be sent; it
// reports whether all of it is.
func (q *queue) recorded(b batch) bool {
	all := true
	for i := len(b.parcels) - 1; i >= 0; i-- { // the last one's commit is mostly that of all
		p := &b.parcels[i]
		if p.wait == nil {
			continue
		}
		if err := p.wait(); err != nil {
			p.lost, all = true, false
			q.lost(p.epoch, err)
		}
	}
	q.mu.Lock()
	epoch := q.epoch
	q.mu.Unlock()
	if b.parcels[0].epoch >= epoch && all {
		return true
	}
	for i := range b.parcels {
		if p := &b.parcels[i]; p.what == request && p.epoch < epoch {
			p.lost, all = true, false
		}
	}
	return all
}

// without returns the bytes of a batch without what is not to be sent.
func without(b batch) []byte {
	var out []byte
	for _, p := range b.parcels {
		switch {
		case !p.lost || p.what == refusals:
			out = append(out, b.bytes[p.start:p.end]...)
		case p.what == answer:
			out = append(auditRefusal(out, p.id, "the answer can't be recorded, so it is not passed on"), '\n')
		}
	}
	return out
}

// drop makes the queue send no requests of sessions before epoch.
func (q *queue) drop(epoch int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.epoch = epoch
}

// end makes the queue take its end once all that is queued is sent.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ending = true
	q.work.Signal()
}

// abandon ends the queue as it is.
func (q *queue) abandon() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stop()
}
