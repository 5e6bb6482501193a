package policy

import "strings"

// How far to both sides of a seam a thing may reach that stands across it: anything, a
// key in its frame, and what is encoded without a blank.
const (
	seamReach  = 1 << 10
	frameReach = 8 << 10
	codeReach  = 64 << 10
)

// seams returns the ranges around the places where parts of a text meet.
func (t *text) seams() []span {
	var out []span
	for _, p := range t.parts[1:] {
		start, end := seamStart(t.value, p.start), seamEnd(t.value, p.start)
		if n := len(out); n > 0 && start <= out[n-1].end {
			out[n-1].end = end
			continue
		}
		out = append(out, span{start, end})
	}
	return out
}

func seamStart(s string, seam int) int {
	start := max(0, seam-seamReach)
	if from := max(0, seam-frameReach); from < start {
		if i := strings.Index(s[from:start], "-----BEGIN"); i >= 0 {
			start = from + i
		}
	}
	for start > 0 && seam-start < codeReach && s[start-1] > ' ' {
		start--
	}
	return start
}

func seamEnd(s string, seam int) int {
	const last = "-----END"
	end := min(len(s), seam+seamReach)
	if to := min(len(s), seam+frameReach); to > end {
		if i := strings.LastIndex(s[end-len(last):to], last); i >= 0 {
			end = min(len(s), end+i+seamReach)
		}
	}
	for end < len(s) && end-seam < codeReach && s[end] > ' ' {
		end++
	}
	return end
}

// A span is a range of bytes.
type span struct{ start, end int }
