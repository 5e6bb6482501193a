package detect

// Find returns the findings of the wanted families in t, ordered by Start, then
// End, then Kind, without duplicates. It appends to dst and returns it. It is safe
// for concurrent use.
func Find(dst []Finding, t Text, want Set) []Finding { return dst }

// Kinds lists every kind that the families in s can report, sorted; policies may
// name them, so a kind is never renamed.
func Kinds(s Set) []string { return nil }
