package replay

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"reflect"
	"strconv"
	"strings"

	"github.com/rulewind/rulewind/corpus"
)

// PartVersion names the form of a part.
const PartVersion = "rulewind.replay-part/1"

// A Shard is one of several equal shares of a run: every Of-th case from the
// Index-th on, counted from 1.
type Shard struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// maxShards bounds Shard.Of.
const maxShards = 10_000

// ParseShard reads "2/5".
func ParseShard(text string) (Shard, error) {
	i, of, ok := strings.Cut(text, "/")
	index, err1 := strconv.Atoi(i)
	n, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || index < 1 || n > maxShards || index > n {
		return Shard{}, fmt.Errorf("want a shard such as 2/5 (the second of five), got %q", text)
	}
	return Shard{index, n}, nil
}

// partHead opens a part, partTail closes it; between them is a partCase a line.
type partHead struct {
	Version string `json:"version"`
	Shard   Shard  `json:"shard"`
	About   about  `json:"about"`
}

type partCase struct {
	Number int         `json:"case"`
	Result *caseResult `json:"result"`
}

type partTail struct {
	// Cases counts all cases, of this shard or another, and Corpus is a hash over
	// them: every part has read the same.
	Cases  *int   `json:"cases"`
	Corpus string `json:"corpus"`
}

// RunShard judges a share of the cases and writes what Merge needs to w, which
// should be buffered. All cases have to be handed in, in the same order for every
// shard. An interrupted run is an error: its part would not be whole.
func RunShard(ctx context.Context, cases iter.Seq2[corpus.Case, error], cfg Config, shard Shard, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(partHead{PartVersion, shard, aboutOf(&cfg)}); err != nil {
		return fmt.Errorf("writing the part: %w", err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	deal := dealer{shard: shard, hash: sha256.New()}
	number := shard.Index - 1
	interrupted, err := each(ctx, deal.mine(cfg.usable(cases)), cfg.Workers, func() func(*corpus.Case) caseResult {
		return newJudge(&cfg).run
	}, func(r caseResult) {
		if !r.skipped {
			if err := enc.Encode(partCase{number, &r}); err != nil {
				stop(fmt.Errorf("writing the part: %w", err))
			}
		}
		number += shard.Of
	})
	switch {
	case err != nil:
		return fmt.Errorf("replaying: %w", err)
	case interrupted:
		return fmt.Errorf("the shard is not whole: %w", context.Cause(ctx))
	}
	if err := enc.Encode(partTail{&deal.cases, hex.EncodeToString(deal.hash.Sum(nil))}); err != nil {
		return fmt.Errorf("writing the part: %w", err)
	}
	return nil
}

// A dealer picks a shard's cases, and fingerprints all of them.
type dealer struct {
	shard Shard
	cases int
	hash  hash.Hash
}

func (d *dealer) mine(cases iter.Seq2[corpus.Case, error]) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		for c, err := range cases {
			if err == nil {
				d.count(&c)
				if (d.cases-1)%d.shard.Of != d.shard.Index-1 {
					continue
				}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func (d *dealer) count(c *corpus.Case) {
	d.cases++
	num := func(n int) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		d.hash.Write(b[:])
	}
	for _, s := range []string{c.Source, c.ID} {
		num(len(s))
		d.hash.Write([]byte(s))
	}
	num(len(c.Steps))
	for i := range c.Steps {
		num(len(c.Steps[i].Frame.Raw))
		d.hash.Write(c.Steps[i].Frame.Raw)
	}
}

// A Part is what RunShard wrote, under a name for errors.
type Part struct {
	Name string
	R    io.Reader
}

// Merge makes one result of all the parts of a run: the same bytes as the run
// undivided gives. Parts that are missing, twice there, cut short, or of another
// run are an error.
func Merge(parts []Part, gate GateConfig) (*Result, error) {
	if len(parts) == 0 {
		return nil, errors.New("merging: no part")
	}
	readers, err := openParts(parts)
	if err != nil {
		return nil, fmt.Errorf("merging: %w", err)
	}
	t := newTotals(readers[0].head.About)
	for n := 0; ; n++ {
		r := readers[n%len(readers)]
		c, err := r.next(n)
		if err != nil {
			return nil, fmt.Errorf("merging: %w", err)
		}
		if c != nil {
			t.add(c)
		}
		if r.tail.Cases != nil && n >= *r.tail.Cases {
			break
		}
	}
	for _, r := range readers {
		if err := r.finish(readers[0]); err != nil {
			return nil, fmt.Errorf("merging: %w", err)
		}
	}
	return t.result(&gate, false), nil
}

// openParts reads the heads and puts the parts in the order of their shards.
func openParts(parts []Part) ([]*partReader, error) {
	var first *partReader
	var readers []*partReader
	for _, p := range parts {
		r := &partReader{name: p.Name, dec: json.NewDecoder(bufio.NewReaderSize(p.R, 64<<10))}
		if err := r.dec.Decode(&r.head); err != nil || r.head.Version != PartVersion {
			return nil, fmt.Errorf("%s is no part of a replay (%s)", p.Name, PartVersion)
		}
		if first == nil {
			first, readers = r, make([]*partReader, r.head.Shard.Of)
		}
		s := r.head.Shard
		switch {
		case s.Of != len(readers) || s.Index < 1 || s.Index > s.Of:
			return nil, fmt.Errorf("%s is shard %d of %d, but %s is one of %d", p.Name, s.Index, s.Of, first.name, len(readers))
		case !reflect.DeepEqual(r.head.About, first.head.About):
			return nil, fmt.Errorf("%s and %s are of different runs: version, policies or filter differ", p.Name, first.name)
		case readers[s.Index-1] != nil:
			return nil, fmt.Errorf("%s and %s are both shard %d of %d", readers[s.Index-1].name, p.Name, s.Index, s.Of)
		}
		readers[s.Index-1] = r
	}
	for i, r := range readers {
		if r == nil {
			return nil, fmt.Errorf("shard %d of %d is missing", i+1, len(readers))
		}
	}
	return readers, nil
}

type partReader struct {
	name  string
	dec   *json.Decoder
	head  partHead
	ahead *partCase // read, but of a later number
	tail  partTail
}

// next returns the case of that number, nil if the part has none.
func (r *partReader) next(number int) (*caseResult, error) {
	if r.ahead == nil && r.tail.Cases == nil {
		var line struct {
			partCase
			partTail
		}
		if err := r.dec.Decode(&line); err != nil {
			return nil, fmt.Errorf("%s is cut short: %w; run that shard again", r.name, err)
		}
		if r.tail = line.partTail; r.tail.Cases == nil {
			r.ahead = &line.partCase
		}
	}
	if r.ahead == nil || r.ahead.Number != number {
		if r.ahead != nil && r.ahead.Number < number {
			return nil, fmt.Errorf("%s is out of order at case %d", r.name, r.ahead.Number)
		}
		return nil, nil
	}
	c := r.ahead.Result
	r.ahead = nil
	if want := len(r.head.About.comparisons()); len(c.Cands) != want {
		return nil, fmt.Errorf("%s: case %d has %d comparisons, not %d", r.name, number, len(c.Cands), want)
	}
	return c, nil
}

// finish checks that the part has ended, and that it saw what the first one saw.
func (r *partReader) finish(first *partReader) error {
	for r.tail.Cases == nil {
		if _, err := r.next(-1); err != nil {
			return err
		}
		if r.ahead != nil {
			return fmt.Errorf("%s has case %d, which is beyond the end of %s", r.name, r.ahead.Number, first.name)
		}
	}
	if *r.tail.Cases != *first.tail.Cases || r.tail.Corpus != first.tail.Corpus {
		return fmt.Errorf("%s and %s have read different cases", r.name, first.name)
	}
	return nil
}
