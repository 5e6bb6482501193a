package policy

// KnownKeys are the keys that the loader knows, by the definition of the schema
// that describes them.
func KnownKeys() map[string][]string {
	return map[string][]string{
		"": topKeys, "rule": ruleKeys, "condition": condKeys, "matcher": opKeys,
		"limit": limitKeys, "test": testKeys, "call": callKeys, "annotations": hintWords[:],
		"step": stepKeys, "top-limit": topLimitKeys, "class": classKeys,
	}
}

// LintCodes are all codes of warnings.
var LintCodes = []string{
	LintUnreachable, LintNever, LintCatchAllAllow, LintRedundant, LintUnknownMethod, LintRegexAnchor, LintRegexPadding,
	LintRegexDot, LintRegexAll, LintRegexLarge, LintGlobSegment, LintLimitZero, LintAllowLimit, LintRedactNothing,
	LintLabelUnset, LintLabelUnused, LintNotRemembered, LintNotCarried, LintCarriesAllow, LintCacheWrites, LintNoEffect, LintAllowsAll, LintAsk, LintUntested,
}

// DueLength is how many deadlines a session remembers.
func DueLength(s *Session) int { return len(s.due) }
