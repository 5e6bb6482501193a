package recorder_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/recorder"
)

func TestRekeyedEntriesShareNoStandIn(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{})
	defer s.Close()
	p := defaultPolicy(t)
	tp := begin(t, s, p)
	for i, kind := range detect.Kinds(detect.Secrets) {
		if secret, ok := detect.Generate(kind, seeded(uint32(i)+1)); ok && i%4 == 0 {
			tp.message(mcp.ToServer, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"send","arguments":{"body":%s}}}`, i, jsonQuote(secret)))
		}
	}
	rekeying, err := recorder.NewRekeying()
	if err != nil {
		t.Fatal(err)
	}
	rekey, err := rekeying.Session(p.Sources)
	if err != nil {
		t.Fatal(err)
	}
	found := policy.NewSession(p) // finds the stand-ins that are stored
	again := policy.NewSession(p)
	entries, standIns, kept := 0, 0, 0
	for e, err := range s.Entries(tp.session.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		was := e.Event.Verdict
		fresh := rekey(e)
		for _, span := range found.Step(e.Frame).Secrets {
			if old := e.Frame.Raw[span.Start:span.End]; span.End-span.Start >= 12 && bytes.Trim(old, "x") != nil {
				standIns++
				if bytes.Contains(fresh.Frame.Raw, old) {
					kept++
				}
			}
		}
		if len(fresh.Frame.Raw) != len(e.Frame.Raw) {
			t.Errorf("entry %d: %d bytes, before %d", entries, len(fresh.Frame.Raw), len(e.Frame.Raw))
		}
		if diff := cmp.Diff(was, again.Step(fresh.Frame).Verdict); diff != "" {
			t.Errorf("entry %d judged again (-recorded +rekeyed):\n%s", entries, diff)
		}
		entries++
	}
	if entries < 40 || standIns < 40 {
		t.Fatalf("only %d entries, %d stand-ins", entries, standIns)
	}
	if kept > 0 {
		t.Errorf("%d of %d stand-ins are as in the store", kept, standIns)
	}
}
