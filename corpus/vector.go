package corpus

import (
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
)

// A Vector is a session with the verdicts wanted, written by hand as a txtar
// archive: testdata/sessions/README.md tells its form. Session, stdio, HTTP and
// replay all run the same ones.
type Vector struct {
	Name, Comment string
	Policy        *policy.Policy
	Case          Case
	// Timed is set if frames come at stated times, and so only where the clock can be
	// set.
	Timed bool
}

const (
	vectorStart = 1785196800_000000000 // 2026-07-28T00:00:00Z
	vectorGap   = 1_000000             // a millisecond
)

// ReadTxtar reads a vector; name is its file.
func ReadTxtar(name string, data []byte) (*Vector, error) {
	a := txtar.Parse(data)
	v := &Vector{Name: strings.TrimSuffix(path.Base(name), ".txtar"), Comment: strings.TrimSpace(string(a.Comment))}
	files := map[string]string{}
	var session *txtar.File
	line := 1 + strings.Count(string(a.Comment), "\n")
	sessionLine := 0
	for i := range a.Files {
		f := &a.Files[i]
		line++
		if f.Name == "session" {
			session, sessionLine = f, line
		}
		files[f.Name] = string(f.Data)
		line += strings.Count(string(f.Data), "\n")
	}
	if session == nil {
		return nil, fmt.Errorf("%s: no file named session in it", name)
	}
	var err error
	if v.Policy, err = vectorPolicy(files); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	v.Case = Case{ID: v.Name, Source: path.Base(name), Policy: v.Policy.Sources, Missing: NoVerdict}
	x := vectorReader{v: v, at: vectorStart}
	for i, text := range strings.Split(strings.TrimSuffix(string(session.Data), "\n"), "\n") {
		if err := x.line(strings.TrimSuffix(text, "\r")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, sessionLine+i, err)
		}
	}
	return v, nil
}

// vectorPolicy loads policy.yaml, or the built-in policy that the file "policy"
// names.
func vectorPolicy(files map[string]string) (*policy.Policy, error) {
	open := func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("no file named %s in the archive", name)
	}
	if text, ok := files["policy.yaml"]; ok {
		return policy.Load("policy.yaml", []byte(text), open)
	}
	name, ok := files["policy"]
	if !ok {
		return nil, errors.New("no file named policy.yaml, nor one named policy with the name of a built-in one")
	}
	name = strings.TrimSpace(name)
	text, ok := policy.Embedded(name)
	if !ok {
		return nil, fmt.Errorf("policy %q isn't built in; built in are %v", name, policy.EmbeddedNames())
	}
	return policy.Load(name+".yaml", text, nil)
}

type vectorReader struct {
	v  *Vector
	at int64
}

// line reads one line of a session.
func (x *vectorReader) line(text string) error {
	mark, rest, _ := strings.Cut(text, " ")
	switch mark {
	case "", "#":
		return nil
	case ">", "<":
		return x.add(mcp.Frame{Dir: dirOf(mark), Kind: mcp.MessageFrame, Raw: []byte(rest)})
	case ">64", "<64":
		raw, err := base64.StdEncoding.DecodeString(rest)
		if err != nil {
			return fmt.Errorf("want base64 after %s: %w", mark, err)
		}
		return x.add(mcp.Frame{Dir: dirOf(mark), Kind: mcp.MessageFrame, Raw: raw})
	case ">big", "<big":
		size, excerpt, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil {
			return fmt.Errorf("want a size in bytes and an excerpt after %s, got %q", mark, size)
		}
		return x.add(mcp.Frame{Dir: dirOf(mark), Kind: mcp.OversizeFrame, Raw: []byte(excerpt), Size: n})
	case "!":
		return x.add(mcp.Frame{Kind: mcp.FactFrame, Raw: []byte(rest)})
	case "@":
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return fmt.Errorf("want a duration such as 1.5s after @, got %q", rest)
		}
		x.at += int64(d)
		x.v.Timed = true
		return nil
	case "=":
		return x.want(rest)
	case "~":
		if x.last() == nil || x.last().Want == nil {
			return errors.New("~ says what leaves, and stands after the = of its frame")
		}
		x.last().Want.Out = []byte(rest)
		return nil
	}
	return fmt.Errorf("unknown mark %q; a line begins with > < >64 <64 >big <big ! @ = ~ or #", mark)
}

func dirOf(mark string) mcp.Dir {
	if mark[0] == '>' {
		return mcp.ToServer
	}
	return mcp.ToClient
}

func (x *vectorReader) last() *Step {
	if n := len(x.v.Case.Steps); n > 0 {
		return &x.v.Case.Steps[n-1]
	}
	return nil
}

// add appends a frame; a session that doesn't open with a fact gets one.
func (x *vectorReader) add(f mcp.Frame) error {
	c := &x.v.Case
	if len(c.Steps) == 0 && f.Kind != mcp.FactFrame {
		fact := policy.Fact{Name: policy.FactSession, Server: "demo", Transport: "stdio"}
		c.Steps = append(c.Steps, Step{ID: x.v.Name + ":0", Synthetic: true, Fidelity: policy.Exact,
			Frame: mcp.Frame{At: x.at, Kind: mcp.FactFrame, Raw: fact.JSON()}})
	}
	x.at += vectorGap
	f.At = x.at
	c.Steps = append(c.Steps, Step{ID: x.v.Name + ":" + strconv.Itoa(len(c.Steps)), Frame: f, Fidelity: policy.Exact})
	return nil
}

// want reads "action [rule] [CODE]".
func (x *vectorReader) want(text string) error {
	s := x.last()
	words := strings.Fields(text)
	if s == nil || s.Want != nil || len(words) == 0 || len(words) > 3 {
		return errors.New("want `= action [rule] [CODE]`, once, after its frame")
	}
	action, err := policy.ParseAction(words[0])
	if err != nil {
		return err
	}
	s.Want = &Expectation{Action: action}
	for _, w := range words[1:] {
		if strings.ToUpper(w) == w {
			s.Want.Code = w
		} else {
			s.Want.Rule = w
		}
	}
	return nil
}
