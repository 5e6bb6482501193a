package detect

import "unicode"

// scriptMix counts the letters of one word by what they look like.
type scriptMix struct {
	letters, latin, alike int
}

// lookAlikes are Cyrillic, Greek and Armenian letters that look as a Latin one does.
var lookAlikes = func() map[rune]bool {
	set := make(map[rune]bool)
	for _, r := range "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04cf\u04bb\u0475\u051b\u051d" +
		"\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408\u04ae\u0474" +
		"\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f2\u03f3" +
		"\u0578\u057d\u0570\u0585\u0581\u0566" {
		set[r] = true
	}
	return set
}()

func (m *scriptMix) add(r rune) {
	m.letters++
	switch {
	case unicode.Is(unicode.Latin, r):
		m.latin++
	case lookAlikes[r]:
		m.alike++
	}
}

// endWord judges the word at [start,end): Latin letters with look-alikes among them
// and no letter that only the other script has.
func (s *hiddenScan) endWord(start, end int, m *scriptMix) {
	if m.alike > 0 && m.latin >= 2 && m.latin+m.alike == m.letters {
		score := Medium
		if m.alike == 1 && s.v.Of.Place == Answer { // a slip of somebody's keyboard is likelier
			score = Low
		}
		s.report("mixed-script", start, end, score)
	}
	*m = scriptMix{}
}
