package recorder_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// workOn records session after session until it is killed: some short, some that fill
// blocks, some with large messages, so that signing and packing go on meanwhile.
func workOn(s *recorder.Store, n int) error {
	src, _ := policy.Embedded("default")
	p, err := policy.Load("default", src, nil)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for k := n; ; k++ {
		session, err := s.Begin(recorder.SessionInfo{Server: "w", PolicyDigest: p.Digest, Policy: p.Sources})
		if err != nil {
			return err
		}
		engine := policy.NewSession(p)
		for i := range 3 + k*53%150 {
			f := mcp.Frame{At: int64(i), Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(work(i))}
			wait, err := session.Append(f, engine.Step(f))
			if err == nil {
				err = wait()
			}
			if err != nil {
				return err
			}
			// From here on the message may reach the server.
			fmt.Fprintln(out, session.ID(), i)
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if err := session.End("closed", 1); err != nil {
			return err
		}
	}
}

// work is the message that is number i of a session.
func work(i int) string {
	if i%40 == 7 {
		return strings.Replace(request(i), `"note"`, `"note `+strings.Repeat("long ", 1500)+`"`, 1)
	}
	return request(i)
}

// kills is how many processes the test kills: RULEWIND_KILLS, or a few.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("RULEWIND_KILLS")); err == nil {
		return n
	}
	return 6
}

// Whatever a process does when it is killed, what it passed on is recorded, the store
// holds nothing else, and all of it verifies.
func TestKilledAtAnyPoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	random, lost, crashed, total := seeded(99), 0, 0, 0
	for round := range kills() {
		cmd := playing("work", path, round*7)
		cmd.Env = append(cmd.Env, "RECORDER_TEST_DURABILITY=strict")
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		passed := map[string]int{}
		until := 1 + int(random())<<8%700 + int(random())
		said := bufio.NewScanner(out)
		for lines := 1; said.Scan(); lines++ {
			id, n, _ := strings.Cut(said.Text(), " ")
			i, err := strconv.Atoi(n)
			if err != nil {
				t.Fatalf("the process said %q", said.Text())
			}
			passed[id] = i + 1
			if lines == until {
				must(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait() // killed
		s := open(t, path, recorder.Options{})
		crashed += len(s.Crashed())
		if len(s.Crashed()) > 1 {
			t.Errorf("round %d: %d sessions crashed at once", round, len(s.Crashed()))
		}
		for id, n := range passed {
			got := entries(t, s, id)
			if lost += max(0, n-len(got)); len(got) < n || len(got) > n+1 {
				t.Errorf("round %d: session %s has %d entries, and %d were passed on", round, id, len(got), n)
			}
			for i, e := range got {
				if string(e.Frame.Raw) != work(i) {
					t.Fatalf("round %d: entry %d of %s holds %.200q", round, i, id, e.Frame.Raw)
				}
			}
			total += len(got)
		}
		must(t, s.Close())
		if round%40 == 11 || round == kills()-1 {
			intact(t, path)
		}
	}
	t.Logf("%d kills: %d entries, %d lost, %d sessions crashed", kills(), total, lost, crashed)
}
