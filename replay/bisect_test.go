package replay_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/replay"
)

// history makes revisions that deny a tool until the planted one; broken ones
// don't load.
func history(t *testing.T, n, planted int, broken ...int) (out []replay.Revision) {
	for i := range n {
		action := "deny"
		if i >= planted {
			action = "allow"
		}
		out = append(out, replay.Revision{Name: fmt.Sprint("r", i), Load: func() (*policy.Policy, error) {
			if slices.Contains(broken, i) {
				return nil, errors.New("broken")
			}
			return load(t, "p.yaml", "allow", fmt.Sprintf(`id: r%d, tool: x, action: %s`, i, action)), nil
		}})
	}
	return out
}

func TestBisectFindsAPlantedLoosening(t *testing.T) {
	c := session("s", call(1, "x", "{}"))
	for _, planted := range []int{1, 2, 99, 100, 137, 198, 199} {
		got, err := replay.Bisect(&c, 1, history(t, 200, planted))
		if err != nil {
			t.Fatal(err)
		}
		if got.Before != fmt.Sprint("r", planted-1) || got.After != fmt.Sprint("r", planted) || got.Class != replay.NewlyAllowed || len(got.Between) != 0 || got.Judged > 10 {
			t.Errorf("planted at %d: %s", planted, toJSON(t, got))
		}
	}
}

func TestBisectSkipsWhatDoesNotLoad(t *testing.T) {
	c := session("s", call(1, "x", "{}"))
	broken := []int{0, 1, 40, 49, 51, 52, 53, 99}
	got, err := replay.Bisect(&c, 1, history(t, 100, 52, broken...))
	if err != nil {
		t.Fatal(err)
	}
	if got.Before != "r50" || got.After != "r54" || strings.Join(got.Between, " ") != "r51 r52 r53" {
		t.Errorf("%s", toJSON(t, got))
	}
}

func TestBisectErrors(t *testing.T) {
	c := session("s", call(1, "x", "{}"))
	for _, tt := range []struct {
		name      string
		step      int
		revisions []replay.Revision
		want      string
	}{
		{"no change", 1, history(t, 9, 9), "judge the step alike (deny)"},
		{"one loads", 1, history(t, 3, 1, 0, 2), "fewer than two load"},
		{"none", 1, nil, "fewer than two load"},
		{"no such step", 2, history(t, 9, 4), "has 2 steps, and no step 2"},
	} {
		if _, err := replay.Bisect(&c, tt.step, tt.revisions); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestBisectSeesRedactions: the action stays, what is replaced doesn't.
func TestBisectSeesRedactions(t *testing.T) {
	c := session("s", call(1, "x", "{}"), answer(1, "one two"))
	var revisions []replay.Revision
	for i := range 20 {
		words := "one|two"
		if i >= 7 {
			words = "one"
		}
		revisions = append(revisions, replay.Revision{Name: fmt.Sprint("r", i), Load: func() (*policy.Policy, error) {
			return load(t, "p.yaml", "allow", fmt.Sprintf(`id: words, direction: to-client, text: {regex: "%s"}, action: redact`, words)), nil
		}})
	}
	got, err := replay.Bisect(&c, 2, revisions)
	if err != nil {
		t.Fatal(err)
	}
	if got.Before != "r6" || got.After != "r7" || got.Class != replay.RedactionLost {
		t.Errorf("%s", toJSON(t, got))
	}
}
