package recorder_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

// entries are those of a session.
func entries(t testing.TB, s *recorder.Store, session string) (out []recorder.Entry) {
	t.Helper()
	for e, err := range s.Entries(session) {
		must(t, err)
		out = append(out, e)
	}
	return out
}

// dataOf counts the live rows and the blocks of a database.
func dataOf(t testing.TB, path string) (rows, blocks, bodies int) {
	t.Helper()
	s, err := recorder.OpenReadOnly(path)
	must(t, err)
	defer s.Close()
	st, err := s.Stats()
	must(t, err)
	return int(st.Entries - st.Packed), int(st.Blocks), int(st.Bodies)
}

func same(t *testing.T, what string, want, got []recorder.Entry) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(policy.Event{})); diff != "" {
		t.Errorf("%s (-before +after):\n%s", what, diff)
	}
}

// Packing changes neither what is read nor what is proven, wherever messages are.
func TestPackingKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	p := defaultPolicy(t)
	big := `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"` + strings.Repeat("a long answer ", 1000) + `"}]}}`
	tapes := []*tape{begin(t, s, p), begin(t, s, p), begin(t, s, p)}
	for i := range 600 { // three sessions, one among the other
		tp := tapes[i%7%3]
		tp.message(mcp.ToServer, request(i))
		if i%20 == 3 {
			tp.message(mcp.ToClient, big)
		}
		if i%50 == 7 {
			tp.message(mcp.ToServer, "not JSON \xff\x00")
			tp.put(mcp.OversizeFrame, mcp.ToClient, `{"jsonrpc":"2.0","id":7`)
		}
	}
	var before [][]recorder.Entry
	for _, tp := range tapes {
		before = append(before, entries(t, s, tp.session.ID()))
	}
	must(t, tapes[0].session.End("closed", 5))
	cp, err := s.Checkpoint()
	must(t, err)
	if _, err := recorder.Pack(s); err != nil {
		t.Fatal(err)
	}
	rows, blocks, bodies := dataOf(t, path)
	if rows == 0 || rows >= 128 || blocks < 3 || bodies != 1 {
		t.Errorf("with two sessions running, %d entries are left as they were, %d blocks and %d messages beside them", rows, blocks, bodies)
	}
	check := func(when string) {
		t.Helper()
		for i, tp := range tapes {
			same(t, fmt.Sprintf("%s, session %d", when, i), before[i], entries(t, s, tp.session.ID()))
		}
		v := verify(t, path, recorder.VerifyOptions{Anchors: cp.Note})
		if len(v.Breaks) > 0 || v.Anchored != cp.Size || v.Entries != cp.Size {
			t.Errorf("%s: %+v", when, v)
		}
	}
	check("while two run")
	list, err := s.Sessions()
	must(t, err)
	for i, info := range list {
		if info.Entries != len(before[i]) || (info.Ended > 0) != (i == 0) {
			t.Errorf("session %d: %+v; want %d entries", i, info, len(before[i]))
		}
	}
	must(t, s.Close())
	if rows, _, bodies := dataOf(t, path); rows != 0 || bodies != 1 {
		t.Errorf("closed, %d entries are left as they were, and %d messages stand beside the blocks", rows, bodies)
	}
	s = open(t, path, recorder.Options{})
	defer s.Close()
	again := begin(t, s, p)
	again.message(mcp.ToServer, request(1))
	if got := entries(t, s, again.session.ID()); len(got) != 2 || got[0].Seq != cp.Size+1 || got[1].Seq != cp.Size+2 {
		t.Errorf("after all was packed, the next entries are %+v; want those after %d", got, cp.Size)
	}
	before = append(before, entries(t, s, again.session.ID()))
	tapes = append(tapes, again)
	for i, tp := range tapes {
		same(t, fmt.Sprintf("opened again, session %d", i), before[i], entries(t, s, tp.session.ID()))
	}
	must(t, again.session.End("closed", 9))
	_, err = recorder.Pack(s)
	must(t, err)
	more := begin(t, s, p)
	more.message(mcp.ToServer, request(1))
	if got := entries(t, s, more.session.ID()); len(got) != 2 || got[0].Seq != cp.Size+3 {
		t.Errorf("packed while it was open, the next entries are %+v; want those after %d", got, cp.Size+2)
	}
}

// Each change of packed entries is found, and said where, like that of rows.
func TestVerifyFindsChangesOfBlocks(t *testing.T) {
	dir := t.TempDir()
	clean := filepath.Join(dir, "clean.db")
	packed(t, clean)
	if rows, blocks, _ := dataOf(t, clean); rows != 0 || blocks != 2 {
		t.Fatalf("%d rows and %d blocks", rows, blocks)
	}
	// at changes the entry with a seq.
	at := func(seq int64, change func(*recorder.PackedRow)) func([]recorder.PackedRow) []recorder.PackedRow {
		return func(rows []recorder.PackedRow) []recorder.PackedRow {
			for i := range rows {
				if rows[i].Seq == seq {
					change(&rows[i])
				}
			}
			return rows
		}
	}
	without := func(from, to int64) func([]recorder.PackedRow) []recorder.PackedRow {
		return func(rows []recorder.PackedRow) []recorder.PackedRow {
			return slices.DeleteFunc(rows, func(r recorder.PackedRow) bool { return r.Seq >= from && r.Seq <= to })
		}
	}
	replace := func(old, new string) func(*recorder.PackedRow) {
		return func(r *recorder.PackedRow) { r.Data = bytes.Replace(r.Data, []byte(old), []byte(new), 1) }
	}
	for i, tt := range []struct {
		name       string
		forge      func([]recorder.PackedRow) []recorder.PackedRow
		statements []string
		want       string
	}{
		{"a verdict", at(7, func(r *recorder.PackedRow) { r.Action++ }), nil, "entry 7 was changed"},
		{"a rule", at(7, replace("default", "dafault")), nil, "entry 7 was changed"},
		{"a body", at(9, replace(`"note"`, `"nose"`)), nil, "entry 9 was changed"},
		{"a time", at(12, func(r *recorder.PackedRow) { r.Data[1]++ }), nil, "entry 12 was changed"},
		{"a body made one beside the blocks", at(9, func(r *recorder.PackedRow) { r.Data = slices.Concat(r.Data, r.Data) }), nil, "entry 9 was changed"},
		{"a body taken out", at(30, func(r *recorder.PackedRow) { r.Data = nil }), nil, "entry 30 was changed"},
		{"the first deleted", without(1, 1), nil, "entry 1 was deleted"},
		{"a middle one deleted", without(20, 20), nil, "entry 20 was deleted"},
		{"the last deleted", without(40, 40), nil, "entry 40 was deleted"},
		{"many deleted", without(15, 25), nil, "entries 15 to 25 were deleted"},
		{"deleted and closed up", func(rows []recorder.PackedRow) []recorder.PackedRow {
			if rows = without(10, 10)(rows); rows[0].Seq > 10 {
				return rows
			}
			for i := range rows[9:] {
				rows[9+i].Seq--
			}
			return rows
		}, nil, "entry 10 was changed"},
		{"two bodies swapped", func(rows []recorder.PackedRow) []recorder.PackedRow {
			if rows[0].Seq == 1 {
				rows[3].Data, rows[8].Data = rows[8].Data, rows[3].Data
			}
			return rows
		}, nil, "entry 4 was changed"},
		{"a block given to another session", nil, []string{"UPDATE blocks SET session = 3-session"}, "entry 1 was changed"},
		{"a block deleted", nil, []string{"DELETE FROM blocks WHERE first = 21"}, "entries 21 to 40 were deleted"},
		{"a block emptied", nil, []string{"UPDATE blocks SET data = x'' WHERE first = 1"}, "entry 1 was changed"},
		{"a block cut", nil, []string{"UPDATE blocks SET data = substr(data, 1, length(data)-9) WHERE first = 21"}, "entries 21 to 40, which are stored together, can't be read"},
		{"a byte of a block", nil, []string{"UPDATE blocks SET data = CAST(substr(data, 1, 700) || x'00ff00' || substr(data, 704) AS BLOB) WHERE first = 1"}, "entries 1 to 20, which are stored together, can't be read"},
		{"a digest in a block", nil, []string{"UPDATE blocks SET data = CAST(substr(data, 1, 40) || x'00ff00' || substr(data, 44) AS BLOB) WHERE first = 1"}, "entry 2 was changed"},
		{"a block's index", nil, []string{"UPDATE blocks SET rows = CAST(substr(rows, 1, 30) AS BLOB) WHERE first = 1"}, "entries 1 to 15, which are stored together, can't be read"},
		{"a block's place", nil, []string{"UPDATE blocks SET first = first + 100 WHERE first = 21"}, "entries 21 to 40 were deleted"},
		{"a block's numbers", nil, []string{"UPDATE blocks SET n = n + 1 WHERE first = 21"}, "entry 21 was changed"},
		{"one also as a row", nil, []string{"INSERT INTO entries (seq, session, n, action, data) VALUES (5, 1, 4, 0, x'01')"}, "entry 5 is stored twice"},
		{"the policy", nil, []string{"UPDATE policies SET sources = sources || ' '"}, "entry 1 was changed"},
		{"hashes blanked", nil, []string{"UPDATE checkpoints SET leaves = zeroblob(length(leaves)) WHERE num = 1"}, "the stored hashes of entries 1 to 20 were changed; the entries are as"},
		{"hashes and a body", at(9, replace(`"note"`, `"nose"`)), []string{"UPDATE checkpoints SET leaves = x''"}, "entries 1 to 20 aren't what checkpoint 1 signed"},
	} {
		path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
		copyStore(t, clean, path)
		if tt.forge != nil {
			must(t, recorder.Forge(path, tt.forge))
		}
		tamper(t, path, tt.statements...)
		v := verify(t, path, recorder.VerifyOptions{})
		if !strings.Contains(strings.Join(v.Breaks, "\n"), tt.want) {
			t.Errorf("%s: breaks %q; want %q", tt.name, v.Breaks, tt.want)
		}
		if len(v.Breaks) > 3 && !strings.Contains(tt.name, "index") && !strings.Contains(tt.want, "entry ") {
			t.Errorf("%s: it is said %d times", tt.name, len(v.Breaks))
		}
	}
	path := filepath.Join(dir, "same.db")
	copyStore(t, clean, path)
	must(t, recorder.Forge(path, func(rows []recorder.PackedRow) []recorder.PackedRow { return rows }))
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Verified != 40 {
		t.Errorf("packed again as it was: %+v", v)
	}
}

// A message that stands beside the blocks and was changed is found.
func TestVerifyFindsAChangedMessage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"`+strings.Repeat("long ", 2000)+`"}}`)
	must(t, s.Close())
	tamper(t, path, "UPDATE bodies SET data = zeroblob(20)")
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) != 1 || !strings.Contains(v.Breaks[0], "can't be read: they were changed: a message of theirs") {
		t.Errorf("%+v", v)
	}
}

// A row that was changed before it could be packed stays one, and is read in its place.
func TestPackingLeavesChangedRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	tp := begin(t, s, defaultPolicy(t))
	for i := range 199 {
		tp.message(mcp.ToServer, request(i))
	}
	_, err := s.Checkpoint()
	must(t, err)
	before := entries(t, s, tp.session.ID())
	tamper(t, path, "UPDATE entries SET action = action + 256 WHERE seq = 7")
	must(t, s.Close())
	if rows, blocks, _ := dataOf(t, path); rows != 1 || blocks != 5 {
		t.Errorf("%d rows and %d blocks", rows, blocks)
	}
	s = open(t, path, recorder.Options{})
	defer s.Close()
	same(t, "with a row among blocks", before, entries(t, s, tp.session.ID()))
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) != 1 || !strings.Contains(v.Breaks[0], "entry 7 was changed") {
		t.Errorf("%+v", v)
	}
}

// Sessions that run and end while their entries are packed are read in order.
func TestPackingWhileSessionsRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	p := defaultPolicy(t)
	slow, fast := begin(t, s, p), begin(t, s, p)
	long := strings.Repeat("long ", 600)
	for i := range 2200 { // more than is read at once
		fast.put(mcp.MessageFrame, mcp.ToServer, strings.Replace(request(i), `"note"`, `"note `+long+`"`, 1))
		if i%20 == 0 {
			slow.put(mcp.MessageFrame, mcp.ToServer, request(i))
		}
		if i%500 == 499 {
			_, err := s.Checkpoint()
			must(t, err)
			_, err = recorder.Pack(s)
			must(t, err)
		}
	}
	check := func(want int) {
		t.Helper()
		if rows, _, _ := dataOf(t, path); rows > want {
			t.Errorf("%d rows are left", rows)
		}
		for i, tp := range []*tape{slow, fast} {
			for n, e := range entries(t, s, tp.session.ID()) {
				if e.Event.Seq != n || e.Event.Digest != tp.events[n].Digest {
					t.Fatalf("session %d: entry %d has number %d", i, n, e.Event.Seq)
				}
			}
		}
	}
	_, err := s.Checkpoint()
	must(t, err)
	_, err = recorder.Pack(s)
	must(t, err)
	check(2 * 63)
	must(t, slow.session.End("closed", 1))
	must(t, fast.session.End("closed", 1))
	_, err = recorder.Pack(s)
	must(t, err)
	check(0)
}

// What is pruned is gone from blocks, and so are messages that nobody else has.
func TestPruneOfBlocks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.db")
	s := open(t, path, recorder.Options{})
	p := defaultPolicy(t)
	shared := `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + strings.Repeat("both ", 2000) + `"}}`
	for i, own := range []string{"heron", "plover"} {
		tp := begin(t, s, p)
		tp.message(mcp.ToServer, shared)
		tp.message(mcp.ToServer, `{"jsonrpc":"2.0","id":2,"method":"ping","params":{"a":"`+strings.Repeat(own+" ", 2000)+`"}}`)
		must(t, tp.session.End("closed", int64(i+1)*100))
	}
	must(t, s.Close())
	if rows, blocks, bodies := dataOf(t, path); rows != 0 || blocks != 2 || bodies != 3 {
		t.Fatalf("%d rows, %d blocks, %d messages", rows, blocks, bodies)
	}
	s = open(t, path, recorder.Options{})
	defer s.Close()
	done, err := s.Prune(150)
	if err != nil || done.Sessions != 1 || done.Entries != 3 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, _, bodies := dataOf(t, path); bodies != 2 {
		t.Errorf("%d messages are left", bodies)
	}
	list, err := s.Sessions()
	must(t, err)
	if got := entries(t, s, list[0].ID); len(got) != 0 || !list[0].Pruned || list[0].Entries != 3 {
		t.Errorf("the pruned session: %+v, %d entries", list[0], len(got))
	}
	if got := entries(t, s, list[1].ID); len(got) != 3 || string(got[1].Frame.Raw) != shared {
		t.Errorf("the other session: %d entries", len(got))
	}
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Pruned != 3 || v.Verified != 6 {
		t.Errorf("%+v", v)
	}
	proof, err := s.Prove(list[0].ID)
	must(t, err)
	if _, err := proof.Check(""); err != nil {
		t.Error(err)
	}
}

// Compact leaves a file that is whole and small, and gives back what deleting left.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := open(t, path, recorder.Options{})
	defer s.Close()
	tp := begin(t, s, defaultPolicy(t))
	for i := range 3000 {
		tp.put(mcp.MessageFrame, mcp.ToServer, request(i))
	}
	must(t, tp.session.End("closed", 1))
	before := entries(t, s, tp.session.ID())
	c, err := s.Compact()
	must(t, err)
	if st, err := os.Stat(path); err != nil || c.After*2 > c.Before || st.Size() != c.After {
		t.Errorf("%+v; the file has %d bytes, %v", c, st.Size(), err)
	}
	same(t, "compacted", before, entries(t, s, tp.session.ID()))
	if v := verify(t, path, recorder.VerifyOptions{}); len(v.Breaks) > 0 || v.Verified != 3001 {
		t.Errorf("%+v", v)
	}
}

// FuzzBlock unpacks anything: no panic, and what a block was made of comes back.
func FuzzBlock(f *testing.F) {
	f.Add([]byte("\x02"), uint8(1))
	f.Add([]byte("\x01\x00"), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, count uint8) {
		if err := recorder.RoundTripBlock(data, int(count)); err != nil {
			t.Fatal(err)
		}
	})
}
