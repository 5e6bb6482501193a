package mcp_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rulewind/rulewind/proxy/mcp"
)

const tree = `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a/b":[10,{"c~d":"deep"}],"":"empty","esc\u0061ped":"l\u00edne\n\ud83d\ude00 é","plain":"漢字 x"}}`

func TestPointer(t *testing.T) {
	m := decode(t, tree)
	for pointer, want := range map[string]string{
		"":                    tree,
		"/jsonrpc":            `"2.0"`,
		"/params/a~1b/0":      `10`,
		"/params/a~1b/1":      `{"c~d":"deep"}`,
		"/params/a~1b/1/c~0d": `"deep"`,
		"/params/":            `"empty"`,
		"/params/escaped":     `"l\u00edne\n\ud83d\ude00 é"`,
	} {
		i := m.At(pointer)
		if i < 0 {
			t.Errorf("At(%q) finds nothing", pointer)
			continue
		}
		if got := string(m.Raw[m.Nodes[i].Start:m.Nodes[i].End]); got != want {
			t.Errorf("At(%q) = %s, want %s", pointer, got, want)
		}
		if got := m.Pointer(i); got != pointer {
			t.Errorf("Pointer(At(%q)) = %q", pointer, got)
		}
	}
	for _, pointer := range []string{
		"jsonrpc", "/nope", "/params/a~1b/2", "/params/a~1b/-", "/params/a~1b/00", "/params/a~1b/+1",
		"/params/a~1b/-1", "/params/a~2b", "/params/a~1b/1/c~", "/jsonrpc/0", "/params/a~1b/99999999999",
	} {
		if i := m.At(pointer); i != -1 {
			t.Errorf("At(%q) = %d, want -1", pointer, i)
		}
	}
}

func TestTextAndFind(t *testing.T) {
	m := decode(t, tree)
	i := m.Find(m.Params, "escaped")
	if got, want := m.Text(i), "líne\n😀 é"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
	if got := m.Name(i); got != "escaped" {
		t.Errorf("Name = %q, want escaped", got)
	}
	if got := m.Text(m.Find(m.Params, "a/b")); got != "" {
		t.Errorf("Text of an array = %q, want none", got)
	}
	if got := m.Name(m.At("/params/a~1b/0")); got != "" {
		t.Errorf("Name of an element = %q, want none", got)
	}
	for _, path := range [][]string{{"nope"}, {"nope", "x"}, {"plain", "x"}, {"a/b", "0"}} {
		if i := m.Find(m.Params, path...); i != -1 {
			t.Errorf("Find(params, %q) = %d, want -1", path, i)
		}
	}
}

func TestRawRange(t *testing.T) {
	type test struct {
		literal    string // inside the quotes
		start, end int
		want       string
	}
	for _, tt := range []test{
		{`abcdef`, 1, 3, `bc`},
		{`abcdef`, 0, 6, `abcdef`},
		{`abcdef`, 2, 2, ``},
		{`abcdef`, -5, 99, `abcdef`},
		{`abcdef`, 4, 2, ``},
		{`a\nb`, 1, 2, `\n`},
		{`a\nb`, 0, 1, `a`},
		{`a\nb`, 2, 3, `b`},
		{`a\nb`, 0, 3, `a\nb`},
		{`\u0041BC`, 0, 1, `\u0041`},
		{`\u0041BC`, 1, 3, `BC`},
		// Within a character, the whole of it.
		{`x\u00e9y`, 1, 2, `\u00e9`},
		{`x\u00e9y`, 2, 3, `\u00e9`},
		{`xéy`, 2, 4, `éy`},
		{`xéy`, 0, 2, `xé`},
		{`漢字`, 1, 4, `漢字`},
		{`x\nxéy`, 2, 4, `xé`},
		{`a\ud83d\ude00b`, 1, 5, `\ud83d\ude00`},
		{`a\ud83d\ude00b`, 3, 4, `\ud83d\ude00`},
		{`a\ud83d\ude00b`, 5, 6, `b`},
		{`a\ud83d\ude00b`, 0, 2, `a\ud83d\ude00`},
		{`\"\\\/`, 1, 2, `\\`},
		{`\\nx`, 0, 1, `\\`},
		{`\\nx`, 1, 3, `nx`},
	} {
		for _, inName := range []bool{false, true} {
			raw := `{"jsonrpc":"2.0","id":1,"result":{"k":"` + tt.literal + `"}}`
			if inName {
				raw = `{"jsonrpc":"2.0","id":1,"result":{"` + tt.literal + `":"v"}}`
			}
			m := decode(t, raw)
			a, b := m.RawRange(m.Result+1, inName, tt.start, tt.end)
			if a > b || string(m.Raw[a:b]) != tt.want {
				t.Errorf("%s[%d:%d] (in name: %v) is %d:%d, want %s", tt.literal, tt.start, tt.end, inName, a, b, tt.want)
			}
		}
	}
}

// checkTexts holds every string of a message against its spelling: each range of
// whole characters maps to a part of Raw that decodes to it, and cutting any
// range out leaves a message that decodes.
func checkTexts(t *testing.T, m *mcp.Message) {
	t.Helper()
	for i := range m.Nodes {
		if m.At(m.Pointer(i)) != i {
			t.Errorf("At(Pointer(%d)) = %d (%q)", i, m.At(m.Pointer(i)), m.Pointer(i))
		}
		checkRange(t, m, i, false, m.Text(i))
		checkRange(t, m, i, true, m.Name(i))
	}
}

func checkRange(t *testing.T, m *mcp.Message, i int, inName bool, text string) {
	t.Helper()
	if len(text) < 2 || len(text) > 1<<12 {
		return
	}
	start, end := len(text)/3, len(text)-len(text)/3
	a, b := m.RawRange(i, inName, start, end)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start--
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	wrapped := `{"jsonrpc":"2.0","id":1,"result":{"k":"` + string(m.Raw[a:b]) + `"}}`
	inner, err := new(mcp.Decoder).Decode([]byte(wrapped))
	if err != nil {
		t.Fatalf("range %d:%d of %q is spelt %q: %v", start, end, text, m.Raw[a:b], err)
	}
	if got := inner.Text(inner.Result + 1); got != strings.Clone(text[start:end]) {
		t.Errorf("range %d:%d of %q is spelt %q, which reads %q", start, end, text, m.Raw[a:b], got)
	}
}
