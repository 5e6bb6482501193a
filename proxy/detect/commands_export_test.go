package detect

// ParserNamed gives tests the examples of a parser.
func ParserNamed(name string) Parser {
	for _, p := range parsers {
		if p.Name == name {
			return p
		}
	}
	return Parser{}
}
