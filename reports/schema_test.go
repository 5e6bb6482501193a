package reports_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/replay"
	"github.com/rulewind/rulewind/reports"
)

// A saved result gives every other format, to the byte.
func TestSavedReplayGivesEveryOther(t *testing.T) {
	read := func(r *replay.Result) *replay.Result {
		saved, err := reports.ReadSaved([]byte(render(t, asJSON[*replay.Result], r)))
		if err != nil || saved.Replay == nil {
			t.Fatal(err)
		}
		return saved.Replay
	}
	for name, r := range runs(t) {
		if name == "hostile" { // a file's name need not be UTF-8, but JSON is
			r = read(r)
		}
		back := read(r)
		for _, f := range reports.ReplayFormats {
			if render(t, f.Write, r) != render(t, f.Write, back) {
				t.Errorf("%s: %s differs after saving and reading", name, f.Name)
			}
		}
	}
	for _, bad := range []string{"", "[]", `{"version":"rulewind.replay/2"}`, `{"version":2}`, `{"version":"rulewind.replay/1","control":[]}`} {
		if _, err := reports.ReadSaved([]byte(bad)); err == nil {
			t.Errorf("ReadSaved took %q", bad)
		}
	}
}

func asJSON[T any](w io.Writer, v T) error { return reports.WriteJSON(w, v) }

func resolved[T any](t *testing.T) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(reports.Schema[T](), &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func valid(t *testing.T, s *jsonschema.Resolved, text string) error {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemas(t *testing.T) {
	s := resolved[replay.Result](t)
	for name, r := range runs(t) {
		if err := valid(t, s, render(t, asJSON[*replay.Result], r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := render(t, asJSON[*replay.Result], replayed(t))
	for _, bad := range []string{
		strings.Replace(text, "rulewind.replay/1", "rulewind.replay/2", 1),
		strings.Replace(text, `"newly_allowed"`, `"newly_alowed"`, 1),
		strings.Replace(text, `"corpus"`, `"corpse"`, 1),
		strings.Replace(text, `"cases": 2`, `"cases": "2"`, 1),
	} {
		if bad == text || valid(t, s, bad) == nil {
			t.Error("the schema takes what no replay writes")
		}
	}
	for _, cases := range [][]corpus.Case{day(t), nil, {hostileCase(t)}} {
		if err := valid(t, resolved[reports.Report](t), render(t, reports.JSON, build(t, cases, reports.Options{Replay: replayed(t)}))); err != nil {
			t.Error(err)
		}
	}
	cover, err := replay.Cover(context.Background(), seq(day(t)), load(t, testPolicy), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, resolved[replay.Coverage](t), render(t, asJSON[*replay.Coverage], cover)); err != nil {
		t.Error(err)
	}
}

// Every description in schemas describes a member that there is.
func TestSchemaDescriptions(t *testing.T) {
	all := string(reports.Schema[reports.Report]()) + string(reports.Schema[replay.Coverage]())
	for key, about := range reports.SchemaDocs {
		quoted, err := json.Marshal(about)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(all, `"description": `+string(quoted)) {
			t.Errorf("%s is no member of what is saved", key)
		}
	}
	if len(reports.SchemaDocs) < 60 {
		t.Errorf("only %d descriptions", len(reports.SchemaDocs))
	}
}
