package proxy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rulewind/rulewind/proxy"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A held log commits nothing until it is told how the commit ends.
type held struct {
	log
	commit chan struct{}
	result error
}

func newHeld() *held { return &held{commit: make(chan struct{})} }

// fact frames are committed at once, so that the session can begin.
func (h *held) Append(f mcp.Frame, ev *policy.Event) (func() error, error) {
	wait, err := h.log.Append(f, ev)
	if f.Kind == mcp.FactFrame {
		return wait, err
	}
	return func() error { <-h.commit; return h.result }, err
}

func (h *held) end(result error) {
	h.result = result
	close(h.commit)
}

// answers counts the answers by their id's text, and how many are refusals with a code.
func answers(t *testing.T, lines []string, code string) (all, refused map[string]int) {
	t.Helper()
	all, refused = map[string]int{}, map[string]int{}
	for _, line := range lines {
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Error  *struct {
				Data struct{ Code string }
			} `json:"error"`
		}
		if line == "" {
			continue
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("a peer got %q: %v", line, err)
		}
		if m.Method != "" {
			continue
		}
		all[string(m.ID)]++
		if m.Error != nil && m.Error.Data.Code == code {
			refused[string(m.ID)]++
		}
	}
	return all, refused
}

// once fails unless exactly the ids were answered, once each, by a refusal for want
// of a record.
func once(t *testing.T, lines []string, ids ...string) {
	t.Helper()
	all, refused := answers(t, lines, policy.CodeAudit)
	for _, id := range ids {
		if all[id] != 1 || refused[id] != 1 {
			t.Errorf("request %s: %d answers, %d of them AUDIT_UNAVAILABLE; want one", id, all[id], refused[id])
		}
	}
	if len(all) != len(ids) {
		t.Errorf("answers to %v, want %v", all, ids)
	}
}

const note = `{"jsonrpc":"2.0","method":"notifications/initialized"}`

func TestNothingLeavesBeforeItsCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := newHeld()
		g := gate(t, rec, nil)
		go g.toServer(call(1, "a"))
		synctest.Wait()
		if got := g.server.String(); got != "" {
			t.Errorf("uncommitted, the server got %s", got)
		}
		rec.end(nil)
		synctest.Wait()
		if got := g.server.String(); got != call(1, "a")+"\n" {
			t.Errorf("once committed, the server got %q", got)
		}
		g.end()
	})
}

// The messages behind one that waits for its commit are judged meanwhile.
func TestMessagesBehindAreJudgedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := newHeld()
		g := gate(t, rec, nil)
		go g.toServer(call(1, "a"))
		synctest.Wait()
		g.toServer(call(2, "b"))
		go g.toClient(note)
		synctest.Wait()
		if n := len(rec.events); n != 4 {
			t.Errorf("%d events, want 4: the session and three messages", n)
		}
		rec.end(nil)
		g.end()
		if got := g.server.String(); got != call(1, "a")+"\n"+call(2, "b")+"\n" {
			t.Errorf("the server got %s", got)
		}
	})
}

func TestLostBatchIsRefusedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := newHeld()
		g := gate(t, rec, nil)
		g.Pass(mcp.MessageFrame, mcp.ToServer, []byte(call(1, "a")), 0)
		g.Pass(mcp.MessageFrame, mcp.ToServer, []byte(note), 0)
		g.Pass(mcp.MessageFrame, mcp.ToServer, []byte(call(2, "rm -rf /")), 0) // denied: its refusal is lost too
		go g.toServer(call(3, "c"))
		synctest.Wait()
		g.toServer(call(4, "d")) // behind the batch
		rec.end(errDisk)
		synctest.Wait()
		g.toServer(call(5, "e"))
		g.end()
		if got := g.server.String(); got != "" {
			t.Errorf("unrecorded, the server got %s", got)
		}
		once(t, g.client.lines(), "1", "2", "3", "4", "5")
	})
}

func TestLostAnswerIsReplaced(t *testing.T) {
	rec := &log{}
	g := gate(t, rec, nil)
	g.toServer(call(1, "a"))
	g.toServer(call(2, "b"))
	rec.set(nil, errDisk)
	g.toClient(answer(1, "a"))
	g.toClient(note) // dropped
	g.toClient(answer(2, "b"))
	g.end()
	once(t, g.client.lines(), "1", "2")
	if strings.Contains(g.client.String(), "initialized") {
		t.Error("an unrecorded notification passed")
	}
}

func TestFailingAppendRefusesWhatWaits(t *testing.T) {
	rec := &log{}
	g := gate(t, rec, nil)
	g.toServer(call(1, "a"))
	g.toServer(call(2, "b"))
	rec.set(errDisk, nil)
	g.toClient(answer(1, "a"))
	g.toServer(call(3, "c"))
	g.toServer(`{"jsonrpc":"2.0","id":4,"id":5,"method":"ping"}`) // two ids: none to answer under
	g.toServer(note)
	g.toClient(answer(2, "b"))
	g.end()
	once(t, g.client.lines(), "1", "2", "3")
}

// A request of the server is refused to the server.
func TestServersRequestIsRefusedToIt(t *testing.T) {
	rec := &log{}
	g := gate(t, rec, nil)
	g.toClient(`{"jsonrpc":"2.0","id":"s1","method":"roots/list"}`)
	rec.set(errDisk, nil)
	g.toClient(`{"jsonrpc":"2.0","id":"s2","method":"roots/list"}`)
	g.toServer(`{"jsonrpc":"2.0","id":"s1","result":{"roots":[]}}`)
	g.end()
	once(t, g.server.lines(), `"s1"`, `"s2"`)
}

func TestRecordingAgainIsANewSession(t *testing.T) {
	var recs []*log
	var reports []error
	broken := false
	g := gate(t, nil, func(c *proxy.GateConfig) {
		c.Begin = func() (proxy.Recorder, error) {
			if broken {
				return nil, errDisk
			}
			recs = append(recs, &log{})
			return recs[len(recs)-1], nil
		}
		c.Report = func(err error) { reports = append(reports, err) }
	})
	g.toServer(call(1, "a"))
	broken = true
	recs[0].set(errDisk, nil)
	g.toServer(call(2, "b"))
	g.at = g.at.Add(time.Minute)
	g.toServer(call(3, "still broken"))
	broken = false
	g.toServer(call(4, "too soon to try again"))
	g.at = g.at.Add(time.Minute)
	g.toServer(call(5, "e"))
	g.toClient(answer(1, "of the session before"))
	g.toClient(answer(5, "e"))
	g.end()

	all, refused := answers(t, g.client.lines(), policy.CodeAudit)
	for id := range 5 {
		if n := all[fmt.Sprint(id+1)]; n != 1 {
			t.Errorf("request %d has %d answers", id+1, n)
		}
	}
	if len(refused) != 4 || refused["5"] != 0 {
		t.Errorf("refused: %v, want 1 to 4", refused)
	}
	if len(reports) != 2 || !errors.Is(reports[0], proxy.ErrAudit) || reports[1] != nil {
		t.Errorf("reported %v", reports)
	}
	if len(recs) != 2 {
		t.Fatalf("%d recordings, want 2", len(recs))
	}
	first := string(recs[1].frames[0].Raw)
	has(t, first, `"fact":"session"`, `"basis":"after a recording gap"`)
	for i, rec := range recs {
		replays(t, i, rec, builtin(t, "default"))
	}
}

// replays fails unless a recording gives equal events.
func replays(t *testing.T, n int, rec *log, p *policy.Policy) {
	t.Helper()
	s := policy.NewSession(p)
	for i, f := range rec.frames {
		if ev := s.Step(f); ev.Digest != rec.events[i].Digest {
			t.Errorf("recording %d, frame %d: the replayed state differs", n, i)
			return
		}
	}
}

// A slow peer takes one write at a time, when it is told to.
type slow struct {
	sink
	takes chan struct{}
}

func (s *slow) Write(b []byte) (int, error) {
	<-s.takes
	return s.sink.Write(b)
}

// What is refused is not sent, even if it was recorded before recording failed.
func TestRefusedRequestsLeaveTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, server := &log{}, &slow{takes: make(chan struct{})}
		g := gate(t, rec, func(c *proxy.GateConfig) { c.Server = server })
		go g.toServer(call(1, "being written"))
		synctest.Wait()
		g.toServer(call(2, "queued"))
		rec.set(errDisk, nil)
		g.toServer(call(3, "unrecorded"))
		close(server.takes)
		g.end()
		if got := server.String(); got != call(1, "being written")+"\n" {
			t.Errorf("the server got %s", got)
		}
		once(t, g.client.lines(), "1", "2", "3")
	})
}

// A commit that fails late is the old session's, not that of the one begun since.
func TestLateLossLeavesTheNewSessionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old, fresh := newHeld(), &log{}
		next := proxy.Recorder(old)
		g := gate(t, nil, func(c *proxy.GateConfig) {
			c.Begin = func() (proxy.Recorder, error) { defer func() { next = fresh }(); return next, nil }
		})
		go g.toServer(call(1, "a"))
		synctest.Wait()
		old.set(errDisk, nil)
		g.toServer(call(2, "b"))
		g.at = g.at.Add(time.Minute)
		g.toServer(call(3, "c"))
		old.end(errDisk)
		synctest.Wait()
		g.toServer(call(4, "d"))
		g.toClient(answer(3, "c"))
		g.toClient(answer(4, "d"))
		g.end()
		if got := g.server.String(); got != call(3, "c")+"\n"+call(4, "d")+"\n" {
			t.Errorf("the server got %s", got)
		}
		all, refused := answers(t, g.client.lines(), policy.CodeAudit)
		if len(all) != 4 || len(refused) != 2 || refused["1"] != 1 || refused["2"] != 1 {
			t.Errorf("answers %v, refused %v", all, refused)
		}
	})
}

// A moody recorder fails at random, and tells what it committed.
type moody struct {
	mu   sync.Mutex
	rand *rand.Rand
	log  []*log
	seen map[string]bool // the committed messages
	calm bool            // nothing fails
}

func (m *moody) fails(oneIn int) bool { return !m.calm && m.rand.IntN(oneIn) == 0 }

func (m *moody) begin() (proxy.Recorder, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails(3) {
		return nil, errDisk
	}
	l := &log{}
	m.log = append(m.log, l)
	return moodySession{m, l}, nil
}

type moodySession struct {
	*moody
	log *log
}

func (m moodySession) Append(f mcp.Frame, ev *policy.Event) (func() error, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails(12) {
		m.log.set(errDisk, nil)
	}
	if m.fails(12) {
		m.log.set(errDisk, nil) // for what comes later
		return func() error { return errDisk }, nil
	}
	if m.log.fail != nil {
		return nil, errDisk
	}
	m.seen[string(f.Raw)] = true
	return m.log.Append(f, ev)
}

// Whatever fails and whenever: every request gets exactly one answer, and no message
// reaches a peer that was not recorded.
func TestLawL4UnderRandomFailures(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		rec := &moody{rand: rand.New(rand.NewPCG(seed, 2)), seen: map[string]bool{}}
		rec.calm = true
		g := gate(t, nil, func(c *proxy.GateConfig) { c.Begin, c.Policy = rec.begin, allowAll(t) })
		rec.calm = false
		var open []int
		n := 0
		for range 80 {
			g.at = g.at.Add(time.Duration(rnd.IntN(400)) * time.Millisecond)
			switch k := rnd.IntN(5); {
			case k < 2:
				n++
				open = append(open, n)
				g.toServer(call(n, fmt.Sprint("call ", n)))
			case k < 4 && len(open) > 0:
				i := rnd.IntN(len(open))
				id := open[i]
				open = append(open[:i], open[i+1:]...)
				g.toClient(answer(id, fmt.Sprint("answer ", id)))
			default:
				g.toClient(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%d,"progress":1}}`, rnd.IntN(1e6)))
			}
		}
		g.Fact(policy.Fact{Name: policy.FactServerExit})
		g.end()

		for i, l := range rec.log {
			replays(t, i, l, allowAll(t))
		}
		all, _ := answers(t, g.client.lines(), policy.CodeAudit)
		for id := 1; id <= n; id++ {
			if all[fmt.Sprint(id)] != 1 {
				t.Errorf("seed %d: request %d has %d answers", seed, id, all[fmt.Sprint(id)])
			}
		}
		for _, line := range append(g.client.lines(), g.server.lines()...) {
			if line != "" && !rec.seen[line] && !strings.Contains(line, `"Rulewind: `) {
				t.Errorf("seed %d: unrecorded, a peer got %s", seed, line)
			}
		}
	}
}
