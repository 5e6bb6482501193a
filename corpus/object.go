package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A Member is one member of the object on a line. Value is its bytes as they
// stand, in the line's memory.
type Member struct {
	Name  string
	Value []byte
}

var errNotObject = errors.New("not a JSON object; each line holds one")

// Members splits the object on a line into its members, in order, without
// decoding them: a message keeps its bytes. Values are checked for balance only;
// who uses one decodes it. It appends to dst.
func Members(dst []Member, line []byte) ([]Member, error) {
	s := splitter{text: line}
	if !s.eat('{') {
		return dst, errNotObject
	}
	for first := true; ; first = false {
		if s.eat('}') {
			break
		}
		if !first && !s.eat(',') {
			return dst, s.fail("expected , or } after a member")
		}
		m, err := s.member()
		if err != nil {
			return dst, err
		}
		for _, other := range dst {
			if other.Name == m.Name {
				return dst, s.fail(fmt.Sprintf("member %q stands twice; remove one", m.Name))
			}
		}
		dst = append(dst, m)
	}
	if s.space(); s.pos != len(line) {
		return dst, s.fail("something after the object; put one object on a line")
	}
	return dst, nil
}

// A splitter walks a line.
type splitter struct {
	text []byte
	pos  int
}

func (s *splitter) fail(text string) error {
	return fmt.Errorf("not JSON at column %d: %s", s.pos+1, text)
}

func (s *splitter) space() {
	for s.pos < len(s.text) && (s.text[s.pos] == ' ' || s.text[s.pos] == '\t' || s.text[s.pos] == '\r') {
		s.pos++
	}
}

func (s *splitter) eat(c byte) bool {
	s.space()
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *splitter) member() (Member, error) {
	s.space()
	raw, err := s.str()
	if err != nil {
		return Member{}, err
	}
	name, known := usualNames[string(raw)]
	if !known {
		if err := json.Unmarshal(raw, &name); err != nil {
			return Member{}, s.fail("a member's name isn't a JSON string")
		}
	}
	if !s.eat(':') {
		return Member{}, s.fail("expected : after a member's name")
	}
	value, err := s.value()
	return Member{name, value}, err
}

// usualNames are the members of the case files by their literals, so that most names
// need no memory.
var usualNames = func() map[string]string {
	out := map[string]string{}
	for _, list := range [][]string{labelledNames, sessionNames, {"step", "at", "kind", "text", "base64", "size", "mono", "took", "pinned", "pins", "fidelity", "synthetic", "want", "event"}} {
		for _, n := range list {
			out[`"`+n+`"`] = n
		}
	}
	return out
}()

// usual reports whether a scalar is one of those that need no closer look.
func usual(v []byte) bool {
	switch string(v) {
	case "true", "false", "null", "0":
		return true
	}
	for _, c := range v {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(v) > 0 && v[0] != '0'
}

// str passes over a string literal.
func (s *splitter) str() ([]byte, error) {
	start := s.pos
	if s.pos >= len(s.text) || s.text[s.pos] != '"' {
		return nil, s.fail("expected a string")
	}
	for at := s.pos + 1; ; {
		i := bytes.IndexByte(s.text[at:], '"')
		if i < 0 {
			return nil, s.fail("a string without its end; is the line cut?")
		}
		at += i + 1
		slashes := 0
		for s.text[at-2-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			s.pos = at
			return s.text[start:at], nil
		}
	}
}

// value passes over any value.
func (s *splitter) value() ([]byte, error) {
	s.space()
	start, depth := s.pos, 0
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case '"':
			if _, err := s.str(); err != nil {
				return nil, err
			}
			if depth == 0 {
				return s.text[start:s.pos], nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.pos++
				return s.text[start:s.pos], nil
			}
			if depth < 0 {
				return s.scalar(start)
			}
		case ',':
			if depth == 0 {
				return s.scalar(start)
			}
		}
		s.pos++
	}
	return nil, s.fail("the line ends within a value; is it cut?")
}

func (s *splitter) scalar(start int) ([]byte, error) {
	v := bytes.TrimRight(s.text[start:s.pos], " \t\r")
	if !usual(v) && !json.Valid(v) {
		return nil, s.fail("a value that is neither string, number, true, false, null, object nor array")
	}
	return v, nil
}
