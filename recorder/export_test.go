package recorder

// SchemaVersion is the newest schema.
const SchemaVersion = schemaVersion

// LimitPages bounds the size of the database, as a full disk would.
func LimitPages(s *Store, pages int) {
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.w.exec(pragma("max_page_count", pages)); err != nil {
		panic(err)
	}
}
