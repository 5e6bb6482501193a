package detect

import "sort"

// A span of a view's text, up to the start of the next span, and what it is a view
// of: source bytes [src,end), where each byte of the view stands for unit source
// bytes; 0 if the span stands for all of them as a whole.
type spanOf struct {
	at, src, end int32
	unit         int8
}

// spans are the spans of a view in the order of its text.
type spans []spanOf

// source maps a range of the view to the range that it stands for.
func (ss spans) source(start, end int) (int, int) {
	if len(ss) == 0 {
		return 0, 0
	}
	find := func(i int) spanOf {
		n := sort.Search(len(ss), func(k int) bool { return int(ss[k].at) > i })
		return ss[max(n-1, 0)]
	}
	from, to := find(start), find(max(end-1, start))
	a, b := int(from.src), int(to.end)
	if from.unit > 0 {
		a = min(int(from.src)+(start-int(from.at))*int(from.unit), int(from.end))
	}
	if to.unit > 0 {
		b = min(int(to.src)+(end-int(to.at))*int(to.unit), int(to.end))
	}
	return a, max(a, b)
}

// The bounds of views: how deep they nest, how many there are, and how much text
// they may hold for each byte of the original, besides what a short text may.
const (
	maxDepth  = 3
	maxViews  = 24
	maxGrowth = 4
	freeBytes = 64 << 10
)

// A decoder makes a view of a text, if it holds something in its encoding. The
// name tells the encodings found. long is where its long runs are.
type decoder func(text string, long []longRun) (name, decoded string, ss spans)

var decoders = [...]decoder{decodeEscapes, decodeBase64, decodeHex, decodeSpread, decodeNumbers, decodeBase32, decodeQuoted, decodeGzip}

// tree is the views of one text.
type tree struct {
	views []View
	long  []longRun // all views'
	depth []int
	bytes int
	// tooDeep is set, with the range, if a bound was met.
	tooDeep    bool
	start, end int
}

// grow makes all views of t within the bounds: first the text itself. n is what is
// known about the names around it, nil if not yet known.
func (tr *tree) grow(t *Text, n *names) {
	tr.views = append(tr.views[:0], View{Text: t.Value, Of: t, Name: "raw", names: n})
	tr.depth = append(tr.depth[:0], 0)
	tr.bytes, tr.tooDeep, tr.long = 0, false, tr.long[:0]
	if onlyItself(t.Value) {
		return
	}
	for i := 0; i < len(tr.views); i++ {
		from := len(tr.long)
		tr.long = longRuns(tr.long, tr.views[i].Text)
		tr.views[i].long = tr.long[from:]
		for _, decode := range decoders {
			tr.add(i, decode, 1)
		}
		if tr.views[i].firstNonASCII() >= 0 {
			tr.add(i, decodeUnicode, 0)
			tr.add(i, decodeStudded, 1)
		}
	}
}

// onlyItself reports whether a text is too short to hold anything but itself: no more
// than a word or two of characters that escape nothing.
func onlyItself(s string) bool {
	if len(s) >= 2*minHex {
		return false
	}
	for i := range len(s) {
		if !plainByte[s[i]] {
			return false
		}
	}
	return true
}

var plainByte = func() (t [256]bool) {
	for c := range t {
		t[c] = isWord(byte(c)) || c == ' ' || c == '.' || c == '/' || c == '-'
	}
	return t
}()

// add makes the view of view i by decode, deeper by steps.
func (tr *tree) add(i int, decode decoder, steps int) {
	if name, text, ss := decode(tr.views[i].Text, tr.views[i].long); name != "" && !tr.known(text) {
		tr.enter(i, name, text, ss, steps)
	}
}

// enter keeps what view i decodes to, unless that goes beyond a bound.
func (tr *tree) enter(i int, name, text string, ss spans, steps int) {
	v := tr.views[i]
	if tr.depth[i]+steps > maxDepth || len(tr.views) >= maxViews || tr.bytes+len(text) > maxGrowth*len(v.Of.Value)+freeBytes {
		if !tr.tooDeep {
			tr.tooDeep = true
			tr.start, tr.end = ss.source(0, len(text))
			tr.start, tr.end = v.Source(tr.start, tr.end)
		}
		return
	}
	if v.Name != "raw" {
		name = v.Name + ">" + name
	}
	tr.bytes += len(text)
	tr.depth = append(tr.depth, tr.depth[i]+steps)
	tr.views = append(tr.views, View{Text: text, Of: v.Of, Name: name, names: v.names, source: func(start, end int) (int, int) {
		return v.Source(ss.source(start, end))
	}})
}

func (tr *tree) known(text string) bool {
	for i := range tr.views {
		if tr.views[i].Text == text {
			return true
		}
	}
	return false
}
