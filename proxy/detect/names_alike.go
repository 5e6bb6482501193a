package detect

import "strings"

// Skeleton returns what the eye keeps of a name: two names of one skeleton are taken
// for each other. Case, separators and unseen characters don't count, look-alikes of
// other scripts and digits count as the letters that they resemble (after the idea of
// UTS #39, section 4).
func Skeleton(name string) string {
	if _, folded, _ := decodeUnicode(name, nil); folded != "" {
		name = folded
	}
	out := make([]byte, 0, len(name))
	for i := range len(name) {
		c := lowerByte(name[i])
		switch {
		case c == '0':
			c = 'o'
		case c == '1' || c == 'i' || c == '|':
			c = 'l'
		case c == '5':
			c = 's'
		case c < 0x80 && !isLetter(c) && !isDigit(c):
			continue
		}
		out = append(out, c)
	}
	s := strings.ReplaceAll(string(out), "rn", "m")
	return strings.ReplaceAll(s, "vv", "w")
}
