package reports

import (
	"fmt"
	"html/template"
	"strings"
)

// Sizes of the timeline's drawing, in its own units.
const (
	chartWidth  = 1040
	chartHeight = 120
	chartTop    = 16
	minBuckets  = 30 // so that a few bars stay narrow
)

// A stack is one colour of a stacked bar.
type stack struct {
	n           int
	class, name string
}

func (c Counts) stacks() []stack {
	return []stack{{c.Deny, "deny", "stopped"}, {c.Ask, "ask", "held"}, {c.Redact, "redact", "edited"}, {c.Allow, "pass", "passed"}}
}

// timelineSVG draws the verdicts over time. It is made of numbers and words of
// ours only, so it needs no escaping.
func timelineSVG(t *Timeline) template.HTML {
	most := 1
	var sum Counts
	for _, c := range t.Buckets {
		most = max(most, c.Total())
		sum.Allow, sum.Redact, sum.Ask, sum.Deny = sum.Allow+c.Allow, sum.Redact+c.Redact, sum.Ask+c.Ask, sum.Deny+c.Deny
	}
	n := max(len(t.Buckets), minBuckets)
	left := 8*len(number(most)) + 10
	w := float64(chartWidth-left) / float64(n)
	base := chartTop + chartHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><svg viewBox="0 0 %d %d" role="img" aria-label="Verdicts over time: %s messages, %s stopped, %s held, %s edited">`,
		chartWidth, base+22, number(sum.Total()), number(sum.Deny), number(sum.Ask), number(sum.Redact))
	for _, y := range []int{chartTop, chartTop + chartHeight/2, base} {
		fmt.Fprintf(&b, `<line class="axis" x1="%d" x2="%d" y1="%d" y2="%d"/>`, left, chartWidth, y, y)
	}
	fmt.Fprintf(&b, `<text class="tick" x="%d" y="%d" text-anchor="end">%s</text>`, left-6, chartTop+4, number(most))
	fmt.Fprintf(&b, `<text class="tick" x="%d" y="%d" text-anchor="end">0</text>`, left-6, base+4)
	for i, c := range t.Buckets {
		if c.Total() == 0 {
			continue
		}
		start := timestamp(t.Start + int64(i)*t.Step)
		fmt.Fprintf(&b, `<g><title>%s: %s stopped, %s held, %s edited, %s passed</title>`, start,
			number(c.Deny), number(c.Ask), number(c.Redact), number(c.Allow))
		y := float64(base)
		for _, s := range c.stacks() {
			if s.n == 0 {
				continue
			}
			h := max(float64(s.n)*chartHeight/float64(most), 2)
			y -= h
			fmt.Fprintf(&b, `<rect class="f-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`,
				s.class, float64(left)+float64(i)*w+w*0.1, y, w*0.8, h)
		}
		b.WriteString(`</g>`)
	}
	last := t.Start + int64(len(t.Buckets))*t.Step
	fmt.Fprintf(&b, `<text class="tick" x="%d" y="%d">%s</text>`, left, base+18, timestamp(t.Start))
	if len(t.Buckets) > minBuckets/2 {
		fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%d" text-anchor="end">%s</text>`,
			float64(left)+float64(len(t.Buckets))*w, base+18, timestamp(last))
	}
	fmt.Fprintf(&b, `</svg><figcaption><span>%s a bar</span>%s</figcaption></figure>`, duration(t.Step), keys(sum.stacks()))
	return template.HTML(b.String())
}

func keys(ss []stack) string {
	var b strings.Builder
	for _, s := range ss {
		fmt.Fprintf(&b, `<span class="key %s">%s %s</span>`, s.class, number(s.n), s.name)
	}
	return b.String()
}

// fidelitySVG draws how many verdicts can be checked again.
func fidelitySVG(e *Evidence) template.HTML {
	ss := []stack{{e.Exact, "good", "exact"}, {e.Escrow, "redact", "escrow"}, {e.Pinned, "ask", "pinned"},
		{e.Lossy, "deny", "lossy"}, {e.Unjudged + e.Computed, "pass", "not recorded"}}
	total := 0
	for _, s := range ss {
		total += s.n
	}
	if total == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><svg viewBox="0 0 %d 14" role="img" aria-label="Fidelity: %s exact of %s">`,
		chartWidth, number(e.Exact), number(total))
	x := 0.0
	for _, s := range ss {
		w := float64(s.n) * chartWidth / float64(total)
		if s.n > 0 {
			fmt.Fprintf(&b, `<rect class="f-%s" x="%.1f" y="0" width="%.1f" height="14"/>`, s.class, x, w)
		}
		x += w
	}
	fmt.Fprintf(&b, `</svg><figcaption>%s</figcaption></figure>`, keys(ss))
	return template.HTML(b.String())
}
