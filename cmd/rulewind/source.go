package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// database returns the database's path: the argument, else RULEWIND_DB, else the
// default file.
func (e *env) database(given string) (string, error) {
	if given != "" {
		return e.path(given), nil
	}
	if db := e.Getenv("RULEWIND_DB"); db != "" {
		return e.path(db), nil
	}
	dir, err := e.stateDir()
	if err != nil {
		return "", fmt.Errorf("finding the default database: %w; name one with --db or RULEWIND_DB", err)
	}
	return filepath.Join(dir, "rulewind", "rulewind.db"), nil
}

// stateDir is where programs keep state: the XDG base directory on Unix, and what
// the system has for it elsewhere.
func (e *env) stateDir() (string, error) {
	if d := e.Getenv("XDG_STATE_HOME"); filepath.IsAbs(d) {
		return d, nil
	}
	if runtime.GOOS == "windows" {
		if d := e.Getenv("LOCALAPPDATA"); d != "" {
			return d, nil
		}
	}
	home := e.home()
	if home == "" {
		return "", fmt.Errorf("there is no home folder in the environment")
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support"), nil
	}
	return filepath.Join(home, ".local", "state"), nil
}

// existing is database for a command that reads: the file must be there.
func (e *env) existing(given string) (string, error) {
	path, err := e.database(given)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		if os.IsNotExist(err) {
			return "", fmt.Errorf("there is no database at %s; record one with `rulewind proxy`, or name another", path)
		}
		return "", fmt.Errorf("opening the database: %w", err)
	}
	return path, nil
}

// sources returns what a command reads: its arguments, else the database.
func (e *env) sources(given []string) ([]string, error) {
	if len(given) > 0 {
		out := make([]string, len(given))
		for i, s := range given {
			out[i] = e.path(s)
		}
		return out, nil
	}
	db, err := e.existing("")
	if err != nil {
		return nil, err
	}
	return []string{db}, nil
}
