package reports

// Diff is diff, written inline, for the tests.
func Diff(before, after string) string { return inline(diff(before, after)) }

// SchemaDocs are the descriptions in schemas.
var SchemaDocs = schemaDocs
