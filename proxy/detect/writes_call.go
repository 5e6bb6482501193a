package detect

import (
	"strings"
	"sync"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A Writer is a call that may write files.
type Writer struct {
	Message *mcp.Message
	Args    int // the node of the arguments, -1 if there are none
	Tool    string
	// Found gives what Find has found of the family Commands in the text of a node.
	Found func(node int) []Finding
	// Real gives where a path leads through symbolic links, "" if nowhere else.
	Real func(path string) string
}

// FindWrites calls report for each finding of the family Writes in what a call writes:
// in the content that it gives, or at the path if the content isn't known. Each place
// is one in the text of a String node. It is as pure as Find, and costs a look at the
// name of each member where the call writes nothing.
//
// A path and a content belong together if both are members of one object, or if the
// content stands below an object with the path, as in {path, edits: [{newText}]}, or if
// a patch in the content names the path.
func FindWrites(c Writer, report func(node int, f Finding)) {
	w := writings.Get().(*writing)
	w.Writer, w.report, w.targets = c, report, w.targets[:0]
	w.value(c.Args, 0)
	w.values(c.Args)
	// So that the pool keeps no message alive.
	w.Writer, w.report = Writer{}, nil
	clear(w.targets[:cap(w.targets)])
	writings.Put(w)
}

var writings = sync.Pool{New: func() any { return new(writing) }}

// A writing walks the arguments of one call.
type writing struct {
	Writer
	learnt learnt
	report func(node int, f Finding)
	// targets is a stack: what the objects around the present one name as paths.
	targets []target
}

// A target is a file that a call may write.
type target struct {
	node  int
	known bool // class is
	class fileClass
}

// longestTarget is the longest path that is looked at.
const longestTarget = 1 << 10

// value looks into a value for which the targets from index from on hold, and reports
// whether it gave them content.
func (w *writing) value(n, from int) (wrote bool) {
	if n < 0 {
		return false
	}
	switch m := w.Message; m.Nodes[n].Kind {
	case mcp.Object:
		return w.object(n, from)
	case mcp.Array:
		for c := n + 1; c < int(m.Nodes[n].Next); c = int(m.Nodes[c].Next) {
			switch {
			case m.Nodes[c].Kind != mcp.String:
				wrote = w.value(c, from) || wrote
			case w.isContent(n):
				wrote = w.content(c, n, from) || wrote
			case w.isPath(c, n):
				w.alone(target{node: c})
			}
		}
	}
	return wrote
}

// object looks at the members of an object: first for paths, which take the place of
// those around it, then for contents.
func (w *writing) object(n, from int) (wrote bool) {
	m, end, below := w.Message, int(w.Message.Nodes[n].Next), len(w.targets)
	for c := n + 1; c < end; c = int(m.Nodes[c].Next) {
		if m.Nodes[c].Kind == mcp.String && !w.isContent(c) && w.isPath(c, c) {
			w.aim(target{node: c}, below)
		}
	}
	if len(w.targets) > below {
		from = below
	}
	for c := n + 1; c < end; c = int(m.Nodes[c].Next) {
		if m.Nodes[c].Kind != mcp.String {
			wrote = w.value(c, from) || wrote
		} else if w.isContent(c) {
			wrote = w.content(c, c, from) || wrote
		}
	}
	if !wrote && len(w.targets) > below {
		for _, t := range w.targets[below:] {
			w.alone(t)
		}
		w.unnamed(n, below)
	}
	w.targets = w.targets[:below]
	return wrote && from < below
}

// values looks for planted values in all that a store is given.
func (w *writing) values(args int) {
	if args < 0 || !w.names(args).store {
		return
	}
	m := w.Message
	for n := args; n < int(m.Nodes[args].Next); n++ {
		if m.Nodes[n].Kind == mcp.String {
			if at := plantedValue().FindAllStringIndex(m.Text(n), 1); len(at) > 0 {
				w.report(n, w.finding("planted-value", at[0][0], at[0][1], High))
			}
		}
	}
}

// plantedValue is a line of a crontab that starts a shell or what fetches one, a key of
// authorized_keys, or a page of PHP.
var plantedValue = lazily(`(?m)^\s{0,9}(?:@reboot|(?:[\d*/,-]{1,20}\s{1,9}){4}[\d*/,-]{1,20})\s{1,9}(?:\w{1,40}\s{1,9})?(?:\S{0,100}/)?(?:(?:ba|z|da)?sh|curl|wget|nc|ncat|python\d?|perl)\b` +
	`|^\s{0,9}ssh-(?:rsa|ed25519|dss) AAAA|<\?php\s`)

// isStoreTool reports whether a tool is of a store that can write its values into files.
func isStoreTool(tool string) bool {
	low := strings.ToLower(tool)
	return strings.Contains(low, "redis") || strings.Contains(low, "valkey") || strings.Contains(low, "keydb") || strings.Contains(low, "memcache")
}

// maxTargets is how many paths of one object are kept apart, so that time doesn't grow
// with their number and that of the contents.
const maxTargets = 16

// aim adds a target to those from index below on. One too many is taken together with
// the last.
func (w *writing) aim(t target, below int) {
	if len(w.targets)-below < maxTargets {
		w.targets = append(w.targets, t)
		return
	}
	last := &w.targets[len(w.targets)-1]
	w.class(last)
	w.class(&t)
	last.class = last.class.or(t.class)
}

// alone judges a path that a call names without a content: a writer may do anything
// to it.
func (w *writing) alone(t target) {
	if !w.names(t.node).writer {
		return
	}
	if w.class(&t); t.class.kinds&startUpFile != 0 {
		w.report(t.node, w.finding("start-up-file", 0, len(w.Message.Text(t.node)), t.class.score))
	}
}

// content judges a text that is written; named is the member that has its name.
func (w *writing) content(n, named, from int) bool {
	text, how := w.Message.Text(n), contentNames[w.names(named).folded]
	if (how == patched || from == len(w.targets)) && mayBePatch(text) && w.patch(n, text) && from == len(w.targets) {
		return true
	}
	for i := from; i < len(w.targets); i++ {
		t := &w.targets[i]
		if w.class(t) == 0 {
			continue
		}
		if how != possible || w.names(n).writer {
			lines := text
			if how == patched {
				lines = addedLines(text)
			}
			w.judgeStartUp(n, &t.class, lines, 0, len(text))
		}
		w.judge(n, &t.class, text, 0, len(text))
		w.judgeEncoded(n, &t.class, text)
	}
	return from < len(w.targets)
}

// judgeEncoded looks at what a content is an encoding of, as some tools take it.
func (w *writing) judgeEncoded(n int, c *fileClass, text string) {
	if c.kinds == startUpFile || strings.IndexByte(text[:min(len(text), 32)], ' ') >= 0 {
		return
	}
	for _, r := range Readings(text)[1:] {
		w.judgeText(n, c, r, 0, len(text))
	}
}

// unnamed judges the members of an object that says where but not, by any name that is
// known, what: whichever of them it is.
func (w *writing) unnamed(n, from int) {
	m := w.Message
	for c := n + 1; c < int(m.Nodes[n].Next); c = int(m.Nodes[c].Next) {
		if m.Nodes[c].Kind != mcp.String || w.names(c).role != roleOther {
			continue
		}
		for i := from; i < len(w.targets); i++ {
			if t := &w.targets[i]; t.node != c && w.class(t) != 0 {
				w.judge(c, &t.class, m.Text(c), 0, len(m.Text(c)))
				w.judgeEncoded(c, &t.class, m.Text(c))
			}
		}
	}
}

// class is what kinds of files a target may be.
func (w *writing) class(t *target) fileKinds {
	if !t.known {
		t.known = true
		path := w.Message.Text(t.node)
		t.class = classify(path)
		if w.Real != nil {
			if real := w.Real(path); real != "" {
				t.class = t.class.or(classify(real))
			}
		}
	}
	return t.class.kinds
}

// judgeStartUp reports what is written to a start-up file if it isn't plain. The text
// is what is written, which stands at [start,end) of the node's.
func (w *writing) judgeStartUp(n int, c *fileClass, text string, start, end int) {
	if c.kinds&startUpFile != 0 && !plainStartUp(c.path, text) {
		w.report(n, w.finding("start-up-file", start, end, c.score))
	}
}

// judge reports what else is dangerous about a content for a file of a class.
func (w *writing) judge(n int, c *fileClass, text string, start, end int) {
	if c.kinds&scriptFile != 0 && w.Found != nil {
		for _, f := range w.Found(n) {
			if f.Family == Commands && f.Kind == "reverse-shell" && f.Start < end && f.End > start {
				w.report(n, w.finding("planted-shell", f.Start, f.End, max(f.Score, Medium)))
				break
			}
		}
	}
	w.judgeText(n, c, text, start, end)
}

// judgeText holds a text against the rules for files of a class.
func (w *writing) judgeText(n int, c *fileClass, text string, start, end int) {
	note := func(kind string, a, b int) {
		from, to := start, end // of what the text was made from
		if end-start == len(text) {
			from, to = start+a, start+b
		}
		w.report(n, w.finding(kind, from, to, High))
	}
	if c.kinds&packageFile != 0 {
		if a, b := plantedSource(text); a < b {
			note("package-source", a, b)
		}
	}
	for i := range contentRules {
		r := &contentRules[i]
		if c.kinds&r.in == 0 {
			continue
		}
		if at := r.pattern().FindAllStringIndex(text, 1); len(at) > 0 {
			note(r.kind, at[0][0], at[0][1])
		}
	}
}

func (w *writing) finding(kind string, start, end int, score Score) Finding {
	return Finding{Family: Writes, Kind: kind, Start: start, End: end, View: "raw", Score: score}
}

// names is what the names around a node say.
func (w *writing) names(n int) *names {
	m := w.Message
	for m.Nodes[n].NameEnd == 0 && m.Nodes[n].Parent >= 0 {
		n = int(m.Nodes[n].Parent)
	}
	if k := w.learnt.of(w.Tool, m.Name(n)); k != nil {
		return k
	}
	k := new(names)
	k.learn(w.Tool, m.Name(n))
	return k
}

// isPath reports whether a text names a file, by the name of a member and by its looks.
func (w *writing) isPath(n, named int) bool {
	text := w.Message.Text(n)
	if len(text) < 3 || len(text) > longestTarget || strings.IndexByte(text, '\n') >= 0 {
		return false
	}
	switch w.names(named).role {
	case rolePath:
		return true
	case roleURL:
		return hasPrefixFold(text, "file:")
	case roleOther:
		return looksLikePath(text)
	}
	return false
}

// isContent reports whether a member's name says that what it holds is written.
func (w *writing) isContent(n int) bool { return contentNames[w.names(n).folded] != 0 }

// What the name of a member says of it being a file's content.
const (
	possible = 1 + iota // other calls have such members too
	certain             // only writers do
	patched             // as patch tools do: only the lines added count
)

// contentNames are the names, as foldName gives them, of what is written to a file.
var contentNames = map[string]uint8{
	"content": certain, "contents": certain, "filetext": certain, "filecontent": certain, "filecontents": certain, "newstr": certain,
	"newstring": certain, "newtext": certain, "newcontent": certain, "newcontents": certain, "newsource": certain, "codeedit": certain, "inserttext": certain,
	"text": possible, "data": possible, "body": possible, "code": possible, "script": possible, "value": possible, "lines": possible,
	"newlines": certain, "insert": possible, "replace": possible, "replacement": possible, "append": possible, "template": possible, "payload": possible,
	"snippet": possible, "newcode": certain, "cellsource": possible, "newvalue": possible, "replacewith": possible,
	"patch": patched, "diff": patched, "patchtext": patched, "unifieddiff": patched, "input": patched, "changes": patched,
}
