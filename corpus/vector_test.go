package corpus_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/proxy/policy"
)

const vectors = "../testdata/sessions/*.txtar"

func readVectors(t *testing.T) (out []*corpus.Vector) {
	t.Helper()
	files, err := filepath.Glob(vectors)
	if err != nil || len(files) < 15 {
		t.Fatalf("%d vectors at %s (%v)", len(files), vectors, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := corpus.ReadTxtar(f, data)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestVectorsThroughSession(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			s := policy.NewSession(v.Policy)
			wants := 0
			for _, st := range v.Case.Steps {
				if st.Want != nil {
					wants++
				}
				if problem := st.Want.Mismatch(s.Step(st.Frame)); problem != "" {
					t.Errorf("%s: %s\n%s", st.ID, problem, st.Frame.Raw)
				}
			}
			if wants < 2 {
				t.Errorf("%d verdicts wanted: a vector that wants nothing can't fail", wants)
			}
		})
	}
}

func TestReadTxtarErrors(t *testing.T) {
	const policyFile = "-- policy.yaml --\nversion: 1\n"
	for _, tt := range []struct{ name, data, want string }{
		{"no session", policyFile, "no file named session"},
		{"no policy", "-- session --\n", "no file named policy.yaml"},
		{"unknown policy", "-- policy --\nlax\n-- session --\n", `policy "lax" isn't built in`},
		{"bad policy", "-- policy.yaml --\nversion: 1\nrulez: []\n-- session --\n", `unknown key "rulez"`},
		{"mark", policyFile + "-- session --\n\n? {}\n", `v.txtar:5: unknown mark "?"`},
		{"action", policyFile + "-- session --\n> {}\n= permit\n", `v.txtar:5: unknown action "permit"`},
		{"two wants", policyFile + "-- session --\n> {}\n= deny\n= deny\n", "v.txtar:6: want `= action"},
		{"want first", policyFile + "-- session --\n= deny\n", "v.txtar:4: want `= action"},
		{"out first", policyFile + "-- session --\n> {}\n~ {}\n", "v.txtar:5: ~ says what leaves"},
		{"duration", policyFile + "-- session --\n@ soon\n", "v.txtar:4: want a duration"},
		{"base64", policyFile + "-- session --\n>64 %\n", "v.txtar:4: want base64"},
		{"size", policyFile + "-- session --\n>big many {\n", "v.txtar:4: want a size"},
	} {
		_, err := corpus.ReadTxtar("v.txtar", []byte(tt.data))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
