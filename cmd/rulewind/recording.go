package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/rulewind/rulewind/corpus"
	"github.com/rulewind/rulewind/corpus/importer"
)

// A recordingArg names one recorded session.
type recordingArg struct {
	Recording string `arg:"" optional:"" help:"A recorded session by its id, or the beginning of one; or a file that holds one: a database, a corpus, a case file. (default: the last session of the database)"`

	DB      string `name:"db" placeholder:"FILE" help:"The database of the session. (default: RULEWIND_DB, else rulewind.db in the state folder)"`
	Session string `placeholder:"ID" help:"Which session of the file, where it holds several."`
}

// find returns the session that is meant: of the file, or of the database.
func (c *recordingArg) find(e *env) (*corpus.Case, error) {
	if c.Recording == "" {
		return c.newest(e)
	}
	source, id := e.path(c.Recording), c.Session
	if _, err := os.Stat(source); err != nil {
		if strings.ContainsAny(c.Recording, `/\.`) {
			return nil, fmt.Errorf("opening the recording: %w", err)
		}
		if c.Session != "" {
			return nil, fmt.Errorf("there is no file %s; give either a session's id or a file with --session", c.Recording)
		}
		if source, err = e.existing(c.DB); err != nil {
			return nil, err
		}
		id = c.Recording
	}
	return oneSession(source, id)
}

// newest returns the session of the database that is meant, the last if none is.
func (c *recordingArg) newest(e *env) (*corpus.Case, error) {
	source, err := e.existing(c.DB)
	if err != nil {
		return nil, err
	}
	if c.Session != "" {
		return oneSession(source, c.Session)
	}
	var last *corpus.Case
	for one, err := range importer.Open(source) {
		if err != nil {
			return nil, err
		}
		last = &one
	}
	if last == nil {
		return nil, incomplete("no session is recorded in %s", source)
	}
	return last, nil
}

// oneSession returns the session whose id begins with that, or the only one.
func oneSession(source, id string) (*corpus.Case, error) {
	var found *corpus.Case
	var ids []string
	for one, err := range importer.Open(source) {
		if err != nil {
			return nil, err
		}
		if one.ID == id {
			return &one, nil
		}
		if strings.HasPrefix(one.ID, id) {
			ids, found = append(ids, one.ID), &one
		}
	}
	switch {
	case len(ids) == 0 && id == "":
		return nil, incomplete("no session in %s", source)
	case len(ids) == 0:
		return nil, incomplete("no session %s in %s; `rulewind sessions` lists those of a database", id, source)
	case len(ids) > 1:
		shown, more := ids, ""
		if len(shown) > 5 {
			shown, more = shown[:5], fmt.Sprintf(" and %d more", len(ids)-5)
		}
		return nil, fmt.Errorf("%s holds several sessions: name one with --session: %s%s", source, strings.Join(shown, ", "), more)
	}
	return found, nil
}
