package policy

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/detect"
)

// matcher reads operators; a bare text is short for glob.
func (r *reader) matcher(n *yaml.Node, what string) matcher {
	m := matcher{maxLength: -1}
	n = r.follow(n)
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.SequenceNode {
		m.globs = r.globs(n, what)
		return m
	}
	ms := r.mapping(n, what, opKeys)
	if len(ms) == 0 && n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.problem(n, "%s: no operator; use one of %s", what, strings.Join(opKeys, ", "))
	}
	for _, o := range ms {
		r.operator(&m, o, what+"."+o.key.Value)
	}
	return m
}

func (r *reader) operator(m *matcher, o member, what string) {
	switch o.key.Value {
	case "exists":
		b := r.truth(o.value, what)
		m.exists = &b
	case "equals", "in":
		for _, item := range r.items(o.value, what) {
			m.equals = append(m.equals, r.scalar(item, what))
		}
	case "glob":
		m.globs = r.globs(o.value, what)
	case "regex":
		for _, item := range r.items(o.value, what) {
			re, err := detect.NewPattern(r.text(item, what))
			if err != nil {
				r.problem(item, "%s: not a regular expression (RE2): %v", what, regexpProblem(err))
				continue
			}
			m.regexes = append(m.regexes, re)
		}
	case "under":
		m.under = r.folders(o.value, what)
	case "not_under":
		m.notUnder = r.folders(o.value, what)
	case "min":
		f := r.number(o.value, what)
		m.min = &f
	case "max":
		f := r.number(o.value, what)
		m.max = &f
	case "min_length":
		m.minLength = r.whole(o.value, what, 0)
	case "canary":
		if m.canary = r.truth(o.value, what); !m.canary {
			r.problem(o.value, "%s: only true makes sense; use not: for the opposite", what)
		}
	case "max_length":
		m.maxLength = r.whole(o.value, what, 0)
	case "host":
		for _, w := range r.texts(o.value, what) {
			m.hosts = append(m.hosts, parseNameGlob(strings.ToLower(w)))
		}
	case "cidr":
		m.cidrs = r.cidrs(o.value, what)
	default:
		m.detectors = append(m.detectors, r.detector(o, what))
	}
}

func regexpProblem(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

func (r *reader) globs(n *yaml.Node, what string) (out []string) {
	for _, g := range r.texts(n, what) {
		if !doublestar.ValidatePattern(g) {
			r.problem(n, "%s: not a glob: %q", what, g)
			continue
		}
		out = append(out, g)
	}
	return out
}

func (r *reader) scalar(n *yaml.Node, what string) string {
	n = r.follow(n)
	if n.Kind != yaml.ScalarNode {
		r.problem(n, "%s: want a text, number, true, false or null, got %s", what, kindWord(n))
		return ""
	}
	switch n.Tag {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int", "!!float":
		return canonicalNumber(n.Value)
	}
	return "s:" + n.Value
}

// canonicalNumber writes equal numbers alike, so that 1, 1.0 and 1e0 are equal.
func canonicalNumber(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

var variables = []string{"${HOME}", "${CWD}", "${PROJECT_DIR}"}

func (r *reader) folders(n *yaml.Node, what string) (out []rootPath) {
	for _, f := range r.texts(n, what) {
		rest := f
		for _, v := range variables {
			rest = strings.ReplaceAll(rest, v, "/v")
		}
		if i := strings.Index(rest, "${"); i >= 0 {
			r.problem(n, "%s: unknown variable in %q; use %s", what, f, strings.Join(variables, ", "))
		}
		if !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "~") && !isDrive(rest) {
			r.problem(n, "%s: %q is relative; start it with /, ~ or ${PROJECT_DIR}", what, f)
		}
		out = append(out, rootPath{len(r.roots), f})
		r.roots = append(r.roots, f)
	}
	return out
}

func isDrive(s string) bool { return len(s) > 2 && s[1] == ':' && (s[2] == '\\' || s[2] == '/') }

type cidr = netip.Prefix

func (r *reader) cidrs(n *yaml.Node, what string) (out []cidr) {
	for _, w := range r.texts(n, what) {
		p, err := netip.ParsePrefix(w)
		if err != nil {
			r.problem(n, "%s: want an address block such as 10.0.0.0/8, got %q", what, w)
			continue
		}
		out = append(out, p.Masked())
	}
	return out
}

var detectorKeys = []string{"kinds", "sensitivity"}

// detector reads `true`, a sensitivity, a list of kinds, or a mapping of both.
func (r *reader) detector(o member, what string) detectorCond {
	family, _ := detect.ParseSet(o.key.Value)
	d := detectorCond{family: family, least: detect.Medium}
	n := o.value
	if n.Kind == yaml.MappingNode {
		for _, m := range r.mapping(n, what, detectorKeys) {
			if m.key.Value == "kinds" {
				d.kinds = r.kinds(m.value, family, what+".kinds")
			} else {
				d.least = r.sensitivity(m.value, what+".sensitivity")
			}
		}
	} else if n.Kind == yaml.ScalarNode && (n.Value == "low" || n.Value == "medium" || n.Value == "high") {
		d.least = r.sensitivity(n, what)
	} else if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		if n.Value != "true" {
			r.problem(n, "%s: only true makes sense; use not: for the opposite", what)
		}
	} else {
		d.kinds = r.kinds(n, family, what)
	}
	d.describe = o.key.Value
	return d
}

func (r *reader) sensitivity(n *yaml.Node, what string) detect.Score {
	switch r.word(n, what, []string{"low", "medium", "high"}) {
	case "low":
		return detect.High
	case "high":
		return detect.Low
	}
	return detect.Medium
}

// kinds reads globs over the kinds of a family: one that matches none is a typo.
func (r *reader) kinds(n *yaml.Node, family detect.Set, what string) (out names) {
	known := detect.Kinds(family)
	for _, item := range r.items(n, what) {
		w := r.text(item, what)
		g := parseNameGlob(w)
		if !slices.ContainsFunc(known, func(k string) bool { return globName(g.pattern, k) }) {
			hint := didYouMean(g.pattern, known)
			if len(hint) > 400 {
				hint = "; `rulewind policy kinds " + family.String() + "` lists them"
			}
			r.problem(item, "%s: no kind of %s matches %q%s", what, family, w, hint)
		}
		out = append(out, g)
	}
	return out
}
