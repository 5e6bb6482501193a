package main

import (
	"fmt"
	"strings"
)

// unknown is the error for a word that isn't one of those known, with the nearest
// of them.
func unknown(what, word string, known ...string) error {
	best, dist := "", len(word)/2+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < dist {
			best, dist = k, d
		}
	}
	if best != "" {
		return fmt.Errorf("unknown %s %q; did you mean %q? (%s)", what, word, best, strings.Join(known, ", "))
	}
	return fmt.Errorf("unknown %s %q; use one of %s", what, word, strings.Join(known, ", "))
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0]++
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// oneOf returns an error unless word is one of those known.
func oneOf(what, word string, known ...string) error {
	for _, k := range known {
		if k == word {
			return nil
		}
	}
	return unknown(what, word, known...)
}
