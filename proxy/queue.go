package proxy

import (
	"io"
	"sync"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// maxQueued bounds the bytes that wait for one peer. Who would go beyond it waits,
// but for a queue that is empty: one message of any size always fits.
const maxQueued = 32 << 20

// A parcel is one message on its way to a peer.
type parcel struct {
	wait func() error // for its record; nil if none is needed
	end  int          // of its bytes in the buffer; it begins where the last ends
	id   mcp.ID
	kind string
	own  bool // a refusal of ours, not a peer's message
	lost bool // its record could not be committed
}

// A queue holds what is to be written to one peer, in order. One goroutine at a time
// delivers: it takes everything, waits for the commits, and writes it in one go.
type queue struct {
	w io.Writer

	mu       sync.Mutex
	room     sync.Cond
	parcels  []parcel
	bytes    []byte
	busy     bool
	err      error // the writer's; set once
	sparePar []parcel
	spareBuf []byte
	batch    []parcel // being delivered, as is writing
	writing  []byte
	clean    []byte
}

func (q *queue) init(w io.Writer) {
	q.w = w
	q.room.L = &q.mu
}

// push queues a message as a line. It waits for room only while another goroutine
// is delivering, who makes it.
func (q *queue) push(p parcel, line []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.busy && q.err == nil && len(q.bytes) > 0 && len(q.bytes)+len(line) > maxQueued {
		q.room.Wait()
	}
	if q.err != nil {
		return
	}
	q.bytes = append(append(q.bytes, line...), '\n')
	p.end = len(q.bytes)
	q.parcels = append(q.parcels, p)
}

// queued returns the bytes that wait.
func (q *queue) queued() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.bytes)
}

// take makes the caller the one who delivers, and gives him all that is queued; nil
// if there is nothing, or another is at it.
func (q *queue) take() []parcel {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy || len(q.parcels) == 0 {
		return nil
	}
	q.busy = true
	batch := q.parcels
	q.batch, q.writing = batch, q.bytes
	q.parcels, q.bytes = q.sparePar[:0], q.spareBuf[:0]
	q.sparePar, q.spareBuf = nil, nil
	q.room.Broadcast()
	return batch
}

// write waits for the records of the batch and writes what is recorded. Messages
// whose record is lost are left out, an answer replaced by a refusal. It returns
// the first error of a record.
func (q *queue) write(batch []parcel, to mcp.Dir) (lost error) {
	for i := range batch {
		p := &batch[i]
		if p.wait == nil {
			continue
		}
		if err := p.wait(); err != nil && !p.own {
			p.lost = true
			if lost == nil {
				lost = err
			}
		}
	}
	buf := q.writing
	if lost != nil {
		buf = q.without(batch, to)
	}
	if len(buf) > 0 {
		if _, err := q.w.Write(buf); err != nil {
			q.mu.Lock()
			q.err = err
			q.mu.Unlock()
		}
	}
	return lost
}

// without builds the bytes of a batch of which some records are lost.
func (q *queue) without(batch []parcel, to mcp.Dir) []byte {
	q.clean = q.clean[:0]
	start := 0
	for _, p := range batch {
		switch {
		case !p.lost:
			q.clean = append(q.clean, q.writing[start:p.end]...)
		case to == mcp.ToClient && (p.kind == "response" || p.kind == "error"):
			q.clean = append(append(q.clean, auditRefusal(p.id)...), '\n')
		}
		start = p.end
	}
	return q.clean
}

// keepBuffer is the largest buffer that is kept for reuse, in bytes.
const keepBuffer = 1 << 20

// done ends the caller's turn, and returns the writer's error.
func (q *queue) done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if cap(q.writing) <= keepBuffer {
		q.spareBuf = q.writing[:0]
	}
	if cap(q.batch) <= 1<<12 {
		clear(q.batch)
		q.sparePar = q.batch[:0]
	}
	q.writing, q.batch = nil, nil
	q.busy = false
	q.room.Broadcast()
	return q.err
}
