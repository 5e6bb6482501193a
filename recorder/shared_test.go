package recorder_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

// playing is the test binary as another process: see TestMain.
func playing(role, path string, n int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "RECORDER_TEST_ROLE="+role, "RECORDER_TEST_DB="+path, "RECORDER_TEST_N="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	return cmd
}

// roles are what another process can do. What one prints is for its test.
var roles = map[string]func(s *recorder.Store, n int) error{
	// claim takes every grant that it can.
	"claim": func(s *recorder.Store, n int) error {
		for i := range n {
			g, outcome, err := s.ClaimGrant("files", "send", "", "s", int64(i), 5)
			if err != nil {
				return err
			}
			if outcome == recorder.GrantClaimed {
				fmt.Println(g.ID)
			}
		}
		return nil
	},
	// answer refuses every pending question, with its process id as the name.
	"answer": func(s *recorder.Store, n int) error {
		list, err := s.Asks(false)
		if err != nil {
			return err
		}
		for _, a := range list {
			err := s.AnswerAsk(a.ID, recorder.Answer{By: strconv.Itoa(os.Getpid()), At: 5})
			switch {
			case err == nil:
				fmt.Println(a.ID)
			case !errors.Is(err, recorder.ErrAnswered):
				return err
			}
		}
		return nil
	},
	"work": workOn,
	// mark puts a mark for each line that it is told, and says so.
	"mark": func(s *recorder.Store, n int) error {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			if err := s.PutMark(recorder.Mark{Session: "other", Label: in.Text(), At: 5}); err != nil {
				return err
			}
			fmt.Println("done")
		}
		return in.Err()
	},
}

// play is the other process.
func play(role, path string, n int) int {
	var opt recorder.Options
	if os.Getenv("RECORDER_TEST_DURABILITY") == "strict" {
		opt.Durability = recorder.Strict
	}
	s, err := recorder.Open(path, opt)
	if err == nil {
		err = errors.Join(roles[role](s, n), s.Close())
	}
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// inTwo has two processes play a role at once, and returns the lines of both.
func inTwo(t *testing.T, role, path string, n int) (lines [2][]string) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range lines {
		wg.Go(func() {
			out, err := playing(role, path, n).Output()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			lines[i] = strings.Fields(string(out))
		})
	}
	wg.Wait()
	return lines
}

// once checks that each of n things is in one of the lists, once.
func once(t *testing.T, lists [2][]string, n int) {
	t.Helper()
	count := map[string]int{}
	for _, list := range lists {
		for _, id := range list {
			count[id]++
		}
	}
	for id, c := range count {
		if c != 1 {
			t.Errorf("%s was had %d times", id, c)
		}
	}
	if len(count) != n {
		t.Errorf("%d were had of %d", len(count), n)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestGrantIsClaimedOnceByTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	for i := range 40 {
		must(t, s.AddGrant(recorder.Grant{ID: fmt.Sprint("g", i), Tool: "send", Created: 1}))
	}
	once(t, inTwo(t, "claim", path, 40), 40)
	if open, err := s.Grants(false); err != nil || len(open) != 0 {
		t.Errorf("%d grants are left, %v", len(open), err)
	}
}

func TestClaimSaysWhatIsThere(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{})
	defer s.Close()
	a, b := s.Digest([]byte(`{"a":1}`)), s.Digest([]byte(`{"a":2}`))
	if len(a) != 64 || a == b || a != s.Digest([]byte(`{"a":1}`)) {
		t.Fatalf("digests %s and %s", a, b)
	}
	for _, g := range []recorder.Grant{
		{ID: "late", Tool: "send", Server: "files", ArgsDigest: a, Expires: 100},
		{ID: "any", Tool: "send", Server: "files"},
		{ID: "soon", Tool: "send", Server: "files", Expires: 50},
		{ID: "exact", Tool: "send", Server: "files", ArgsDigest: a, Expires: 200},
		{ID: "everywhere", Tool: "read", ArgsDigest: a},
		{ID: "gone", Tool: "drop", Expires: 10},
		{ID: "taken back", Tool: "mail"},
	} {
		must(t, s.AddGrant(g))
	}
	must(t, s.RevokeGrant("taken back"))
	for _, tt := range []struct {
		server, tool, args string
		now                int64
		id                 string
		want               recorder.GrantOutcome
	}{
		{"files", "send", b, 20, "soon", recorder.GrantClaimed},
		{"files", "send", a, 20, "late", recorder.GrantClaimed},
		{"files", "send", a, 150, "exact", recorder.GrantClaimed},
		{"files", "send", a, 150, "any", recorder.GrantClaimed},
		{"files", "send", a, 150, "late", recorder.GrantUsed},
		{"other", "send", a, 20, "", recorder.NoGrant},
		{"other", "read", b, 20, "everywhere", recorder.GrantForOtherArgs},
		{"other", "read", a, 20, "everywhere", recorder.GrantClaimed},
		{"other", "read", b, 20, "", recorder.NoGrant}, // it is used
		{"x", "drop", "", 10, "gone", recorder.GrantExpired},
		{"x", "mail", "", 10, "", recorder.NoGrant},
	} {
		g, got, err := s.ClaimGrant(tt.server, tt.tool, tt.args, "me", 7, tt.now)
		if err != nil || got != tt.want || g.ID != tt.id {
			t.Errorf("%s/%s at %d: %s of %q, %v; want %s of %q", tt.server, tt.tool, tt.now, got, g.ID, err, tt.want, tt.id)
		}
		if got == recorder.GrantClaimed && (g.Used != tt.now || g.Session != "me" || g.Entry != 7) {
			t.Errorf("it says it was used: %+v", g)
		}
	}
	if err := s.RevokeGrant("any"); !errors.Is(err, recorder.ErrNoGrant) || errors.Is(err, recorder.ErrUnavailable) {
		t.Errorf("revoking one that is used: %v", err)
	}
	if err := s.AddGrant(recorder.Grant{ID: "any", Tool: "x"}); err == nil {
		t.Error("two grants have one id")
	}
	if all, err := s.Grants(true); err != nil || len(all) != 7 {
		t.Errorf("%d grants, %v", len(all), err)
	}
}

func TestFirstAnswerStandsInTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	for i := range 40 {
		must(t, s.PutAsk(recorder.Ask{ID: fmt.Sprint("a", i), Session: "s", Created: 1}))
	}
	if got, err := s.AskAnswers("s", 0); err != nil || len(got) != 0 {
		t.Fatalf("before anybody answered: %+v, %v", got, err)
	}
	lines := inTwo(t, "answer", path, 0)
	once(t, lines, 40)
	got, err := s.AskAnswers("s", 0)
	if err != nil || len(got) != 40 {
		t.Fatalf("%d answers, %v", len(got), err)
	}
	by := map[string]int{}
	for i, a := range got {
		if a.Answer == nil || a.Answer.Approve || i > 0 && a.Turn <= got[i-1].Turn {
			t.Errorf("answer %d: %+v", i, a)
		}
		by[a.Answer.By]++
	}
	for _, n := range by {
		if n != len(lines[0]) && n != len(lines[1]) {
			t.Errorf("one process is said to have given %d answers; they said %d and %d", n, len(lines[0]), len(lines[1]))
		}
	}
}

func TestAskLife(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	tp := begin(t, s, defaultPolicy(t))
	id := tp.session.ID()
	want := recorder.Ask{ID: "a1", Session: id, Entry: 3, Server: "files", Tool: "send", Rule: "r", Reason: "why", Shown: "{}", Digest: "d", Created: 1, Expires: 50}
	must(t, s.PutAsk(want))
	for _, ask := range []string{"a2", "a3", "a4"} {
		must(t, s.PutAsk(recorder.Ask{ID: ask, Session: id, Created: 1, Expires: 50}))
	}
	pending, err := s.Asks(true)
	if err != nil || len(pending) != 4 {
		t.Fatalf("%d are pending, %v", len(pending), err)
	}
	if diff := cmp.Diff(want, pending[0]); diff != "" {
		t.Errorf("as it was kept (-want +got):\n%s", diff)
	}
	answer := recorder.Answer{Approve: true, Remember: "session", By: "ada", At: 40}
	must(t, s.AnswerAsk("a1", answer))
	must(t, s.CloseAsk("a2", "timeout"))
	for _, tt := range []struct {
		err  error
		want error
	}{
		{s.AnswerAsk("a1", answer), recorder.ErrAnswered},
		{s.CloseAsk("a1", "timeout"), recorder.ErrAnswered},
		{s.AnswerAsk("a2", answer), recorder.ErrExpired},
		{s.AnswerAsk("a3", recorder.Answer{At: 50}), recorder.ErrExpired},
		{s.AnswerAsk("nobody", answer), recorder.ErrNoAsk},
	} {
		if !errors.Is(tt.err, tt.want) || errors.Is(tt.err, recorder.ErrUnavailable) {
			t.Errorf("got %v, want %v", tt.err, tt.want)
		}
	}
	got, err := s.AskAnswers(id, 0)
	if err != nil || len(got) != 2 || got[1].Closed != "timeout" || got[1].Answer != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	if diff := cmp.Diff(&answer, got[0].Answer); diff != "" {
		t.Errorf("the answer (-want +got):\n%s", diff)
	}
	must(t, tp.session.End("closed", 9))
	rest, err := s.AskAnswers(id, got[1].Turn)
	if err != nil || len(rest) != 2 || rest[0].Closed != "session ended" {
		t.Errorf("after the session: %+v, %v", rest, err)
	}
	if pending, err := s.Asks(true); err != nil || len(pending) != 0 {
		t.Errorf("%d are pending, %v", len(pending), err)
	}
}

// A mark of another process is seen, however often it was asked for in vain.
func TestMarksOfAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	other := playing("mark", path, 0)
	in, err := other.StdinPipe()
	must(t, err)
	out, err := other.StdoutPipe()
	must(t, err)
	must(t, other.Start())
	said := bufio.NewScanner(out)
	last := int64(0)
	for i := range 5 {
		label := fmt.Sprint("label-", i)
		for range 3 {
			if got, err := s.MarksSince(last); err != nil || len(got) != 0 {
				t.Fatalf("before mark %d: %+v, %v", i, got, err)
			}
		}
		fmt.Fprintln(in, label)
		if !said.Scan() || said.Text() != "done" {
			t.Fatalf("the other process said %q", said.Text())
		}
		got, err := s.MarksSince(last)
		if err != nil || len(got) != 1 || got[0].Label != label || got[0].Num <= last {
			t.Fatalf("after mark %d: %+v, %v", i, got, err)
		}
		last = got[0].Num
	}
	must(t, in.Close())
	must(t, other.Wait())
}

// What is shared holds no secret, and is found by the name that held one.
func TestLawL8SharedTexts(t *testing.T) {
	dir := t.TempDir()
	s := openKeyed(t, dir)
	key, _ := detect.Generate("github-pat", seeded(5))
	must(t, s.AddGrant(recorder.Grant{ID: "g", Tool: "t " + key, Server: "s " + key, Note: key, By: key}))
	must(t, s.PutMark(recorder.Mark{Session: "s", Server: key, Client: key, Label: key}))
	tp := begin(t, s, defaultPolicy(t))
	f := mcp.Frame{At: 9, Kind: mcp.MessageFrame, Dir: mcp.ToServer, Raw: []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send","arguments":{"a":"` + key + `"}}}`)}
	ev := tp.engine.Step(f)
	wait, err := tp.session.Append(f, ev)
	must(t, err)
	shown := tp.session.Shown(f, ev)
	must(t, wait())
	must(t, s.PutAsk(recorder.Ask{ID: "a", Session: "s", Server: key, Tool: key, Rule: key, Reason: key, Shown: shown}))
	must(t, s.AnswerAsk("a", recorder.Answer{Remember: key, By: key}))
	for e, err := range s.Entries(tp.session.ID()) {
		must(t, err)
		if e.Event.Seq == 1 && string(e.Frame.Raw) != shown {
			t.Errorf("shown is %s, stored %s", shown, e.Frame.Raw)
		}
	}
	if _, outcome, err := s.ClaimGrant("s "+key, "t "+key, "", "s", 1, 1); err != nil || outcome != recorder.GrantClaimed {
		t.Errorf("claiming by the names that were given: %s, %v", outcome, err)
	}
	lookFor(t, dir, map[string]bool{key: true})
	must(t, s.Close())
	lookFor(t, dir, map[string]bool{key: true})
	if b, err := os.ReadFile(filepath.Join(dir, "r.db")); err != nil || !bytes.Contains(b, []byte("grants")) {
		t.Errorf("looked in a database without the table: %v", err)
	}
}

func BenchmarkPoll(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "r.db"), recorder.Options{})
	defer s.Close()
	for i := range 1000 {
		must(b, s.PutMark(recorder.Mark{Session: "s", Label: fmt.Sprint(i)}))
	}
	for b.Loop() {
		if got, err := s.MarksSince(1000); err != nil || len(got) > 0 {
			b.Fatal(got, err)
		}
	}
}
