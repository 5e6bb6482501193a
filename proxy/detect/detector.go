package detect

// A Rule finds one kind of thing by a regular expression. All rules run behind one
// shared literal prefilter; see prefilter.go.
type Rule struct {
	Kind   string
	Family Set
	Score  Score
	// Doc says in a sentence what the thing is and who issues it, with the source
	// of its format where that is public.
	Doc string
	// Pattern is RE2. Group is the submatch that is the thing itself (0: all of it).
	Pattern string
	Group   int
	// Places limits where the rule applies; none means everywhere.
	Places []Place
	// Check, if set, decides a match for good: checksums, entropy, context.
	// match is the thing itself, at [start,end) of the view's text.
	Check func(match string, v *View, start, end int) bool
	// Grade, if set, is asked instead of Score once Check has agreed: where and how
	// a thing is said may make it surer. NoScore means that it is none.
	Grade func(match string, v *View, start, end int) Score
	// Reject are parts that show a well-known example or placeholder: a thing that
	// holds one of them is never a finding.
	Reject []string
	// Generic marks a secret rule that knows only context and randomness; its
	// findings give way to those of a specific rule that they overlap.
	Generic bool
	// Match and NoMatch are examples that tests run. For secrets Match is empty:
	// positives are generated from Pattern, so that no live-looking secret is in
	// the source.
	Match, NoMatch []string
}

// A Parser finds kinds of things that need more than a pattern: it parses.
type Parser struct {
	Name   string
	Family Set
	Doc    string
	// Kinds are the kinds it can report.
	Kinds []string
	// Any, if set, are literals in lower case, at least three bytes each, of which
	// every text that the parser has something to say about holds one, in any case.
	// They are searched in the one shared pass over the text, so they cost nothing:
	// prefer them to Maybe. Find gets their places from View.each.
	Any []string
	// Maybe, if set, is a cheap test (a few hundred MB/s or more, linear) that says
	// no to almost every harmless text. It runs after Any. A parser with neither
	// runs on every text.
	Maybe func(v *View) bool
	// Find reports what stands in the view's text.
	Find func(v *View, report func(kind string, start, end int, score Score))
	// Match maps example texts to the kind to be found; NoMatch are texts without
	// any finding of this parser.
	Match   map[string]string
	NoMatch []string
}

// A View is a text as its author meant it or as a receiver could read it.
type View struct {
	// Text is what to look at.
	Text string
	// Of is the original text that it is a view of.
	Of *Text
	// Name is "raw" for the text itself, else the decoding, such as "base64" or
	// "percent>unicode".
	Name string
	// source maps a range of Text to the range of Of.Value that encodes it; nil
	// for the identity.
	source func(start, end int) (int, int)
	// nonASCII is the place of the first character beyond ASCII, plus 1, -1 if there
	// is none; 0 if that isn't known yet.
	nonASCII int
	// names is what is known about the names in Of, once asked for.
	names *names
	// spots are where the literals stand that the parser at hand has in Any.
	spots []int32
	// long is where keys and encodings can stand.
	long []longRun
	// address is whether the text may hold one.
	address answer
	// prompt is whether it is a prompt of its author's own.
	prompt answer
	// marked is what grading has found out about Text.
	marked marked
	// script is Text read as a shell would, once a parser has asked for it.
	script *shellReader
	// backslashed is the text as windowsPaths gives it, read the same way.
	backslashed *shellReader
}

// firstNonASCII returns where the first character beyond ASCII stands, or -1.
func (v *View) firstNonASCII() int {
	if v.nonASCII == 0 {
		if v.nonASCII = firstNonASCII(v.Text) + 1; v.nonASCII == 0 {
			v.nonASCII = -1
		}
	}
	return max(v.nonASCII-1, -1)
}

// each calls found for the places, in order, where one of the literals stands that
// the parser at hand has in Any: the pass over the text has noted them. A flood of
// findings ends it.
func (v *View) each(found func(at int)) {
	for i := 0; i < len(v.spots); i++ {
		found(int(v.spots[i]))
	}
}

// Source maps the range [start,end) of v.Text to the original text.
func (v *View) Source(start, end int) (int, int) {
	if v.source == nil {
		return start, end
	}
	return v.source(start, end)
}
