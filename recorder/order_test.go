package recorder_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// Sessions that are recorded at once share commits; each keeps its own order, and
// nothing is lost or doubled.
func TestSessionsAtOnceKeepTheirOrder(t *testing.T) {
	for _, d := range []recorder.Durability{recorder.Normal, recorder.Async} {
		s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{Durability: d})
		p := defaultPolicy(t)
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			session, err := s.Begin(recorder.SessionInfo{Server: "w", PolicyDigest: p.Digest, Policy: p.Sources})
			if err != nil {
				t.Fatal(err)
			}
			ids[i] = session.ID()
			wg.Go(func() {
				engine := policy.NewSession(p)
				for k := range 300 {
					f := mcp.Frame{At: int64(k), Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(request(k))}
					wait, err := session.Append(f, engine.Step(f))
					if err == nil && k%7 == 0 {
						err = wait()
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
				if err := session.End("closed", 1); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			n, last := 0, int64(0)
			for e, err := range s.Entries(id) {
				if err != nil {
					t.Fatal(err)
				}
				if string(e.Frame.Raw) != request(n) || e.Event.Seq != n || e.Seq <= last {
					t.Fatalf("entry %d of %s has number %d, place %d after %d", n, id, e.Event.Seq, e.Seq, last)
				}
				n, last = n+1, e.Seq
			}
			if n != 300 {
				t.Errorf("session %s has %d entries, want 300", id, n)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// An Async store has promised nothing when writing fails; the session must hear of it
// at the latest when it ends, and say what it lost.
func TestAsyncStoreReportsALoss(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{Durability: recorder.Async})
	defer s.Close()
	tp := begin(t, s, defaultPolicy(t))
	recorder.LimitPages(s, 12)
	tp.put(mcp.MessageFrame, mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"ping","params":{"n":"`+strings.Repeat("a", 1<<20)+`"}}`)
	if err := tp.session.End("closed", 1); !errors.Is(err, recorder.ErrUnavailable) {
		t.Fatalf("End gave %v", err)
	}
	recorder.LimitPages(s, 1<<20)
	begin(t, s, defaultPolicy(t))
	list, err := s.Sessions()
	if err != nil || len(list) != 2 || list[0].Reason != "gap" || list[0].Lost == 0 || list[0].Lost+list[0].Entries != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

// RULEWIND_SMALL_DISK names a folder on a disk of a few MB, which this test fills.
func TestFullDisk(t *testing.T) {
	disk := os.Getenv("RULEWIND_SMALL_DISK")
	if disk == "" {
		t.Skip("set RULEWIND_SMALL_DISK to a folder on a disk of a few MB")
	}
	dir, err := os.MkdirTemp(disk, "full")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "r.db")
	s := open(t, path, recorder.Options{})
	p := defaultPolicy(t)
	tp := begin(t, s, p)
	stored, filler := 1, strings.Repeat("a", 100_000)
	for err == nil && stored < 10_000 {
		if err = tp.put(mcp.MessageFrame, mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"ping","params":{"n":"%s"}}`, stored, filler))(); err == nil {
			stored++
		}
	}
	if !errors.Is(err, recorder.ErrUnavailable) {
		t.Fatalf("after %d entries: %v", stored, err)
	}
	t.Log(err)
	if _, err := s.Begin(recorder.SessionInfo{Server: filler, PolicyDigest: p.Digest, Policy: p.Sources}); !errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("Begin on a full disk: %v", err)
	}
	n := 0
	for _, err := range s.Entries(tp.session.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != stored {
		t.Errorf("%d entries, and %d were said to be stored", n, stored)
	}
	_ = s.Close() // it may fail to note the ends
	if n := count(t, path); n != stored {
		t.Errorf("closed: %d entries, and %d were said to be stored", n, stored)
	}
}
