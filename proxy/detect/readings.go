package detect

// Readings returns the texts that s can be read as: s itself first, then what its
// views decode it to, without duplicates. A policy's own globs and regular
// expressions are held against all of them.
func Readings(s string) []string {
	var tr tree
	tr.grow(&Text{Value: s}, nil)
	out := make([]string, len(tr.views))
	for i := range tr.views {
		out[i] = tr.views[i].Text
	}
	return out
}
