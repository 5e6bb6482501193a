package detect

import "sync"

// A wordIndex finds in one pass which of up to 64 rules have one of their words in
// a text.
type wordIndex struct {
	starts [1 << 10]uint64 // a bit for the hash of each word's first three bytes
	words  map[[3]byte][]indexedWord
}

type indexedWord struct {
	word string
	rule int
}

func (x *wordIndex) add(rule int, words []string) {
	if rule >= 64 {
		panic("a table of more than 64 rules")
	}
	for _, w := range words {
		k := [3]byte([]byte(w))
		h := hash3(k[0], k[1], k[2])
		x.starts[h>>6] |= 1 << (h & 63)
		x.words[k] = append(x.words[k], indexedWord{w, rule})
	}
}

// in returns a bit for each rule that has a word in s, which must be lower case.
func (x *wordIndex) in(s string) uint64 {
	var held uint64
	for i := 0; i+3 <= len(s); i++ {
		h := hash3(s[i], s[i+1], s[i+2])
		if x.starts[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, w := range x.words[[3]byte{s[i], s[i+1], s[i+2]}] {
			if held&(1<<w.rule) == 0 && len(s)-i >= len(w.word) && s[i:i+len(w.word)] == w.word {
				held |= 1 << w.rule
			}
		}
	}
	return held
}

func hash3(a, b, c byte) uint32 {
	return (uint32(a)<<11 ^ uint32(b)<<5 ^ uint32(c)) & 0xffff
}

var (
	windowsWords = sync.OnceValue(func() *wordIndex {
		x := &wordIndex{words: map[[3]byte][]indexedWord{}}
		for i, r := range windowsRules {
			x.add(i, r.any)
		}
		return x
	})
	codeWords = sync.OnceValue(func() *wordIndex {
		x := &wordIndex{words: map[[3]byte][]indexedWord{}}
		for i, r := range codeRules {
			x.add(i, r.any)
		}
		return x
	})
)
