package detect

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// decodeUnicode shows text as a reader or a lenient receiver takes it: NFKC (UAX
// #15), without characters that aren't seen, with look-alikes folded to ASCII (the
// common ones of UTS #39). ASCII has no such view.
func decodeUnicode(text string, _ []longRun) (string, string, spans) {
	i := firstNonASCII(text)
	if i < 0 {
		return "", "", nil
	}
	e := edits{text: text}
	var buf [64]byte
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if n := firstNonASCII(text[i:]); n > 0 {
				i += n
				continue
			}
			break
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError:
		case r < rune(len(stable())) && stable()[r]:
		case staysAsItIs(r):
		case unseen(r):
			e.replace(i, i+n, 0, tagASCII(r)...)
		case lookalikes[r] != 0:
			e.replace(i, i+n, 0, lookalikes[r])
		default:
			b := norm.NFKC.AppendString(buf[:0], text[i:i+n])
			if string(b) != text[i:i+n] {
				e.replace(i, i+n, 0, b...)
			}
		}
		i += n
	}
	if len(e.list) == 0 {
		return "", "", nil
	}
	out, ss := e.view()
	return "unicode", out, ss
}

func firstNonASCII(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		t := s[i : i+8]
		w := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
			uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		if w&0x8080808080808080 != 0 {
			break
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}

// staysAsItIs reports characters that stay as they are, in the scripts that fill pages
// of real text: a fast path.
func staysAsItIs(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || 0x3041 <= r && r <= 0x3096 || 0x30a1 <= r && r <= 0x30fa ||
		0x2500 <= r && r <= 0x257f || 0x2010 < r && r < 0x201a && lookalikes[r] == 0
}

// stable are the characters of the alphabets up to Hebrew that stay as they are.
var stable = sync.OnceValue(func() *[0x590]bool {
	var t [0x590]bool
	for r := rune(utf8.RuneSelf); r < rune(len(t)); r++ {
		t[r] = !unseen(r) && lookalikes[r] == 0 && norm.NFKC.String(string(r)) == string(r)
	}
	return &t
})

// unseen reports characters that show nothing: zero-width, bidirectional and tag
// characters, variation selectors, fillers and soft hyphens.
func unseen(r rune) bool {
	switch {
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xfeff, r == 0xffa0,
		0x180b <= r && r <= 0x180f, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f,
		0xfe00 <= r && r <= 0xfe0f, 0xfff9 <= r && r <= 0xfffb, 0xe0000 <= r && r <= 0xe0fff, 0x1d173 <= r && r <= 0x1d17a:
		return true
	}
	return false
}

// tagASCII returns the ASCII that a tag character stands for (U+E0020 to U+E007E),
// which models read; nothing for other unseen characters.
func tagASCII(r rune) []byte {
	if 0xe0020 <= r && r <= 0xe007e {
		return []byte{byte(r - 0xe0000)}
	}
	return nil
}

// lookalikes maps characters of other scripts to the ASCII that they are taken
// for.
var lookalikes = func() map[rune]byte {
	m := map[rune]byte{}
	for ascii, alike := range map[byte]string{
		'a': "аɑα", 'c': "сϲ", 'd': "ԁ", 'e': "еҽ℮", 'g': "ɡ", 'h': "һ", 'i': "іıι", 'j': "јϳ", 'k': "κ", 'l': "ӏǀ",
		'm': "м", 'n': "ո", 'o': "оοօ", 'p': "рρ", 'q': "ԛ", 'r': "г", 's': "ѕ", 't': "т", 'u': "υս", 'v': "ѵν", 'w': "ԝա",
		'x': "хχ", 'y': "уγ", 'z': "ᴢ",
		'A': "АΑ", 'B': "ВΒ", 'C': "СϹ", 'E': "ЕΕ", 'H': "НΗ", 'I': "ІΙ", 'J': "Ј", 'K': "КΚ", 'M': "МΜ", 'N': "Ν",
		'O': "ОΟՕ", 'P': "РΡ", 'S': "ЅՏ", 'T': "ТΤ", 'X': "ХΧ", 'Y': "ҮΥ", 'Z': "Ζ",
		'-': "‐‑‒–—―−﹘", '\'': "‘’ʼ′", '"': "“”″", '/': "⁄∕⧸", '.': "․", ':': "∶꞉", '|': "∣ǁ", '*': "∗", '~': "∼", '\\': "∖⧵", ';': "\u037e",
	} {
		for _, r := range alike {
			m[r] = ascii
		}
	}
	return m
}()
