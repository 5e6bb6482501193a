package detect

// A derivedPlan is what derive makes of the pattern with a hash.
type derivedPlan struct {
	pattern uint64
	indexed bool
	first   need
}

// derivedPlans returns the generated table by pattern. A pattern that is not in it
// is derived when the program starts.
func derivedPlans() map[uint64]*derivedPlan {
	m := make(map[uint64]*derivedPlan, len(derived))
	for i := range derived {
		m[derived[i].pattern] = &derived[i]
	}
	return m
}

// patternHash is FNV-1a.
func patternHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
