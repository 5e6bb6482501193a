package recorder_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rulewind/rulewind/recorder"
)

func TestToolsAreKeptAsFirstSeen(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "r.db"), recorder.Options{})
	defer s.Close()
	if got, err := s.Definitions("files"); got != nil || err != nil {
		t.Errorf("before: %v, %v", got, err)
	}
	for _, seen := range []map[string]string{{"read": "1", "write": "2"}, {"read": "9", "list": "3"}} {
		if err := s.SeeTools("files", seen, 7); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want map[string]string) {
		t.Helper()
		got, err := s.Definitions("files")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("definitions (-want +got):\n%s", diff)
		}
	}
	check(map[string]string{"read": "1", "write": "2", "list": "3"})
	if n, err := s.ForgetTools("files", "read"); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	check(map[string]string{"write": "2", "list": "3"})
	if _, err := s.ForgetTools("files", "read"); !errors.Is(err, recorder.ErrNoTool) {
		t.Errorf("forgetting what isn't there: %v", err)
	}
	if list, err := s.Tools(""); err != nil || len(list) != 2 || list[0].FirstSeen != 7 {
		t.Errorf("%+v, %v", list, err)
	}
}
