package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// afterwards asks every command that reads recordings about the one session of the
// database: under its own policy, a tighter one and a looser one.
func (b *bench) afterwards(server []string) {
	b.t.Helper()
	tighter, looser := filepath.Join(b.logs, "tighter.yaml"), filepath.Join(b.logs, "looser.yaml")
	for file, text := range map[string]string{
		tighter: "version: 1\nextends: default\nrules:\n  - id: no-writes\n    tool: [\"write_*\", echo]\n    action: deny\n    message: nothing is written\n",
		looser:  "version: 1\ndefault: allow\nrules: []\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}

	list := b.rulewind(0, "sessions", b.db())
	if !strings.Contains(list, "closed") {
		b.t.Errorf("sessions does not list a session that was closed:\n%s", list)
	}
	if c := b.replay(0, "verify", b.db()).Control; c.Compared == 0 || c.Equal != c.Compared {
		b.t.Errorf("replay verify: %d of %d verdicts are the recorded ones", c.Equal, c.Compared)
	}
	b.wantOnly(b.replay(0, "run", b.db(), "--policy", tighter), replay.Tightening)
	b.wantOnly(b.replay(1, "run", b.db(), "--policy", looser), replay.Loosening)

	var r reports.Report
	saved := b.rulewind(0, "report", b.db(), "-o", "json")
	if err := json.Unmarshal([]byte(saved), &r); err != nil {
		b.t.Fatalf("report -o json: %v", err)
	}
	if len(r.Sessions) != 1 || r.Summary.Verdicts.Deny == 0 || r.Summary.Verdicts.Redact == 0 && strings.Contains(server[0], "mcp-server") {
		b.t.Errorf("report: %d sessions, %+v", len(r.Sessions), r.Summary.Verdicts)
	}
	page := b.rulewind(0, "report", b.db(), "-o", "html")
	if !strings.HasPrefix(page, "<!") {
		b.t.Errorf("report -o html begins with %.40q", page)
	}
	exported := b.rulewind(0, "export", b.db(), "-o", "-")
	b.nothingLeaked(list, saved, page, exported, b.rulewind(0, "report", b.db()), b.rulewind(1, "replay", b.db(), "--policy", looser))
}

// replay runs a replay command and returns its JSON.
func (b *bench) replay(code int, args ...string) (r replay.Result) {
	b.t.Helper()
	out := b.rulewind(code, append(append([]string{"replay"}, args...), "-o", "json")...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		b.t.Fatalf("replay %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return r
}

// wantOnly fails unless the candidate moves verdicts, and none of them the other way.
func (b *bench) wantOnly(r replay.Result, want replay.Direction) {
	b.t.Helper()
	moved := map[replay.Direction]int{}
	for _, c := range r.Comparisons {
		for _, g := range c.Groups {
			moved[g.Direction] += g.Count
		}
	}
	if moved[want] == 0 || moved[replay.Loosening]+moved[replay.Tightening] != moved[want] {
		b.t.Errorf("changes by direction: %v, want only %v", moved, want)
	}
}

// Several proxies may start at once on a database that does not exist yet, as when a
// client starts its command twice.
func TestE2EProxiesStartingAtOnce(t *testing.T) {
	b := newBench(t)
	day := filesystemDay(b)[:9] // what only reads
	const proxies = 4
	var all sync.WaitGroup
	results := make([][]error, proxies)
	for i := range proxies {
		all.Go(func() {
			results[i] = b.drive("proxy", "", day, b.proxy("mcp-server-filesystem", b.project)...)
		})
	}
	all.Wait()
	for i, errs := range results {
		if len(errs) != len(day) {
			t.Fatalf("proxy %d did not get through its script", i)
		}
		for j, err := range errs {
			if stopped := day[j].want == refused || day[j].want == withheld; stopped != isDenied(err) {
				t.Errorf("proxy %d, step %d %s: %v", i, j, day[j].want, err)
			}
		}
	}
	var sessions []struct {
		Reason        string
		Entries, Lost int
	}
	if err := json.Unmarshal([]byte(b.rulewind(0, "sessions", b.db(), "-o", "json")), &sessions); err != nil {
		t.Fatal(err)
	}
	if len(sessions) != proxies {
		t.Fatalf("%d sessions are recorded of %d", len(sessions), proxies)
	}
	for _, s := range sessions {
		if s.Entries < 2*len(day) || s.Lost > 0 || s.Reason != "closed" {
			t.Errorf("a session is not whole: %+v", s)
		}
	}
	if r := b.replay(0, "verify", b.db()); r.Corpus.Cases != proxies {
		t.Errorf("%d sessions verified of %d", r.Corpus.Cases, proxies)
	}
	b.nothingLeaked()
}
