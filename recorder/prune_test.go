package recorder_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/recorder"
)

// holding are the files of a folder that hold a text.
func holding(t *testing.T, dir, text string) (out []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestPruneLeavesProofsAndNothingReadable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	p := defaultPolicy(t)
	mark := func(word string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"note","arguments":{"n":"` + strings.Repeat(word+" ", 50) + `"}}}`
	}
	old, young := begin(t, s, p), begin(t, s, p)
	for range 300 {
		old.put(mcp.MessageFrame, mcp.ToServer, mark("heron"))
		young.message(mcp.ToServer, mark("plover"))
	}
	must(t, s.PutAsk(recorder.Ask{ID: "a", Session: old.session.ID(), Shown: mark("heron"), Reason: "heron"}))
	must(t, s.PutMark(recorder.Mark{Session: old.session.ID(), Label: "heron"}))
	if err := old.session.End("closed", 100); err != nil {
		t.Fatal(err)
	}
	if err := young.session.End("closed", int64(time.Hour)); err != nil {
		t.Fatal(err)
	}
	running := begin(t, s, p)
	running.message(mcp.ToServer, mark("stork"))
	if len(holding(t, dir, "heron heron")) == 0 {
		t.Fatal("the text is nowhere before pruning")
	}
	done, err := s.Prune(200)
	if err != nil || done.Sessions != 1 || done.Entries != 301 || done.After >= done.Before {
		t.Errorf("%+v, %v", done, err)
	}
	if found := holding(t, dir, "heron"); len(found) > 0 {
		t.Errorf("it can still be read in %v", found)
	}
	left := 0
	for e, err := range s.Entries(young.session.ID()) {
		must(t, err)
		left += bytes.Count(e.Frame.Raw, []byte("plover"))
	}
	if left != 300*50 {
		t.Errorf("of the younger session %d words are left", left)
	}
	v := verify(t, path, recorder.VerifyOptions{})
	if len(v.Breaks) > 0 || v.Pruned != 301 || v.Verified != 604 {
		t.Errorf("%+v", v)
	}
	list, err := s.Sessions()
	if err != nil || !list[0].Pruned || list[0].Entries != 301 || list[1].Pruned || list[2].Ended != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	for e, err := range s.Entries(list[0].ID) {
		t.Errorf("a pruned session has entry %+v, %v", e, err)
	}
	proof, err := s.Prove(list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Check(""); err != nil {
		t.Errorf("its proof: %v", err)
	}
	if done, err := s.Prune(200); err != nil || done.Sessions != 0 {
		t.Errorf("again: %+v, %v", done, err)
	}
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if st.Sessions != 3 || st.Pruned != 1 || st.Entries != 604 || st.File == 0 || st.Messages == 0 || st.Hashes < 604*32 {
		t.Errorf("%+v", st)
	}
	if diff := cmp.Diff(map[string]int64{"exact": 303}, st.Fidelity); diff != "" {
		t.Errorf("fidelity (-want +got):\n%s", diff)
	}
}

func TestPruneRefusesAChangedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	recorded(t, path)
	tamper(t, path, "UPDATE entries SET action = action + 1 WHERE seq = 7")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	if _, err := s.Prune(time.Now().UnixNano() * 2); err == nil || !strings.Contains(err.Error(), "entry 7 was changed") {
		t.Errorf("got %v", err)
	}
}

func TestBackupIsWhole(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "r.db"), filepath.Join(dir, "it's a copy.db")
	recorded(t, path)
	s := open(t, path, recorder.Options{})
	defer s.Close()
	begin(t, s, defaultPolicy(t)).message(mcp.ToServer, request(1))
	if err := s.Backup(to); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, to, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Entries != 42 || v.Verified != 40 {
		t.Errorf("%+v", v)
	}
	if st, err := os.Stat(to); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if err := s.Backup(to); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("onto a file that is there: %v", err)
	}
}
