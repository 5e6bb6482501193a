package policy

// Error lists all problems, a line each: file:line:col: text.
func (p Problems) Error() string { panic("stub") }
