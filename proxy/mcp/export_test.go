package mcp

// FirstTwin is the duplicate check of a large object whose names all have the
// same hash, as a sender who knows the hash could arrange. It returns the index
// of the first name that stands there twice, or -1.
func FirstTwin(names []string) int {
	var t tape
	var keys []nameKey
	for i, name := range names {
		start := len(t.raw)
		t.raw = append(t.raw, `"`+name+`"`...)
		t.nodes = append(t.nodes, Node{NameStart: int32(start), NameEnd: int32(len(t.raw))})
		keys = append(keys, nameKey{node: int32(i)})
	}
	return int(t.firstTwin(keys))
}
