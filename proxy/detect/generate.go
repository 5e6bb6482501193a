package detect

import (
	"encoding/base64"
	"regexp/syntax"
	"strings"
)

// Generate returns a positive example of a rule's kind, made from its pattern, for
// tests and synthetic corpora; ok is false for kinds that parsers find.
func Generate(kind string, random func() byte) (example string, ok bool) {
	for i := range rules {
		r := &rules[i]
		if r.Kind != kind {
			continue
		}
		re, err := syntax.Parse(r.Pattern, syntax.Perl)
		if err != nil {
			return "", false
		}
		for range 200 {
			g := generator{random: random, group: r.Group, fill: fills[kind], kind: kind}
			g.gen(re)
			text := string(g.out)
			for _, f := range Find(nil, Text{Value: text}, r.Family) {
				if f.Kind == kind && f.View == "raw" {
					return text, true
				}
			}
		}
	}
	return "", false
}

// fills make the secret itself where the pattern doesn't say enough.
var fills = map[string]func(random func() byte) string{
	"jwt": func(random func() byte) string {
		enc := base64.RawURLEncoding.EncodeToString
		return enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
			enc([]byte(`{"sub":"`+chars(random, 28)+`"}`)) + "." + chars(random, 43)
	},
	"basic-auth-header": basicFill,
	"docker-auth":       basicFill,
}

func basicFill(random func() byte) string {
	return base64.StdEncoding.EncodeToString([]byte("deploy:" + chars(random, 14)))
}

// chars returns n random letters and digits.
func chars(random func() byte, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = base62[int(random())*62>>8]
	}
	return string(b)
}

// A generator writes a text that a pattern matches.
type generator struct {
	random func() byte
	kind   string
	group  int
	fill   func(random func() byte) string
	// plain takes the shortest and first of everything, and the outermost first
	// group is marked by start and end.
	plain      bool
	out        []byte
	start, end int
	marked     bool
}

func (g *generator) pick(n int) int {
	if g.plain || n <= 1 {
		return 0
	}
	return int(g.random()) * n >> 8
}

func (g *generator) gen(re *syntax.Regexp) {
	if !g.marked {
		g.marked, g.start = true, -1
	}
	switch re.Op {
	case syntax.OpLiteral:
		s := string(re.Rune)
		if re.Flags&syntax.FoldCase != 0 {
			s = strings.ToLower(s)
		}
		g.out = append(g.out, s...)
	case syntax.OpCharClass:
		g.class(re)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		g.out = append(g.out, base62[g.pick(62)])
	case syntax.OpCapture:
		from := len(g.out)
		if re.Cap == g.group && g.fill != nil {
			g.out = append(g.out, g.fill(g.random)...)
		} else {
			g.gen(re.Sub[0])
		}
		if re.Cap == g.group && !g.plain {
			g.out = append(g.out[:from], withChecksum(g.kind, string(g.out[from:]))...)
		}
		if re.Cap == 1 {
			g.start, g.end = from, len(g.out)
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			g.gen(sub)
		}
	case syntax.OpAlternate:
		g.gen(re.Sub[g.pick(len(re.Sub))])
	case syntax.OpQuest:
		g.repeat(re.Sub[0], 0, 1)
	case syntax.OpStar:
		g.repeat(re.Sub[0], 0, 0)
	case syntax.OpPlus:
		g.repeat(re.Sub[0], 1, 1)
	case syntax.OpRepeat:
		most := re.Min + 8
		if re.Max >= 0 {
			most = min(most, re.Max)
		}
		g.repeat(re.Sub[0], re.Min, most)
	}
}

func (g *generator) repeat(sub *syntax.Regexp, least, most int) {
	for range least + g.pick(most-least+1) {
		g.gen(sub)
	}
}

// class writes a character of a class: a letter or digit if it has one, else the
// first printable one.
func (g *generator) class(re *syntax.Regexp) {
	set := bytesOf(re)
	var good, rest []byte
	for c := byte(' '); c < 0x7f; c++ {
		if set.has(c) {
			if isLetter(c) || '0' <= c && c <= '9' {
				good = append(good, c)
			} else {
				rest = append(rest, c)
			}
		}
	}
	switch {
	case g.plain && len(rest) > 0: // around a secret: what ends it
		g.out = append(g.out, rest[0])
	case len(good) > 0:
		g.out = append(g.out, good[g.pick(len(good))])
	case len(rest) > 0:
		g.out = append(g.out, rest[g.pick(len(rest))])
	default:
		g.out = append(g.out, '\n')
	}
}
