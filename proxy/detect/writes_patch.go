package detect

import "strings"

// mayBePatch is a quick test that every patch passes.
func mayBePatch(text string) bool {
	return strings.Contains(text, "+++ ") || strings.Contains(text, "*** Add File: ") || strings.Contains(text, "*** Update File: ")
}

// patch judges the lines that a patch adds, file by file, and reports whether the text
// is one. It reads unified diffs, as git writes them, and the envelopes of apply_patch.
func (w *writing) patch(n int, text string) (is bool) {
	var added strings.Builder
	var class fileClass
	begin := 0 // of the present file's part
	flush := func(end int) {
		if class.kinds != 0 {
			w.judgeStartUp(n, &class, added.String(), begin, end)
			w.judge(n, &class, added.String(), begin, end)
		}
		added.Reset()
	}
	for at := 0; at < len(text); {
		line, next := text[at:], len(text)
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line, next = line[:i], at+i+1
		}
		if path, ok := patchedFile(strings.TrimSuffix(line, "\r")); ok {
			flush(at)
			is, begin, class = true, at, classify(path)
		} else if class.kinds != 0 && strings.HasPrefix(line, "+") {
			added.WriteString(line[1:])
			added.WriteByte('\n')
		}
		at = next
	}
	flush(len(text))
	return is
}

// patchedFile returns the file that a line of a patch opens.
func patchedFile(line string) (path string, ok bool) {
	for _, p := range [...]string{"*** Add File: ", "*** Update File: ", "*** Move to: "} {
		if path, ok = strings.CutPrefix(line, p); ok {
			return strings.TrimSpace(path), true
		}
	}
	if path, ok = strings.CutPrefix(line, "+++ "); !ok {
		return "", false
	}
	path, _, _ = strings.Cut(path, "\t") // the time
	path = strings.Trim(path, `"`)
	if i := strings.IndexByte(path, '/'); i == 1 {
		path = path[2:] // a/ and b/
	}
	return path, true
}

// addedLines returns the lines that a patch without names of files adds; a text that
// adds none is what is written itself.
func addedLines(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "+++ ") {
			b.WriteString(line[1:])
			b.WriteByte('\n')
		}
	}
	if b.Len() == 0 {
		return text
	}
	return b.String()
}
