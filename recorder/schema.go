package recorder

import (
	"database/sql/driver"
	"fmt"
)

// schemaVersion is the newest schema that this package reads and writes.
const schemaVersion = 5

// migrations lead from each version to the next. They are never changed once released.
var migrations = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
	 CREATE TABLE policies (digest TEXT PRIMARY KEY, sources TEXT NOT NULL) STRICT;
	 CREATE TABLE sessions (
	   num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, info TEXT NOT NULL, policy TEXT NOT NULL,
	   owner TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER,
	   ended INTEGER, reason TEXT, lost INTEGER NOT NULL DEFAULT 0, actions TEXT) STRICT;
	 CREATE TABLE entries (
	   seq INTEGER PRIMARY KEY, session INTEGER NOT NULL, n INTEGER NOT NULL,
	   action INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
	 CREATE TABLE tools (
	   server TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, first_seen INTEGER NOT NULL,
	   PRIMARY KEY (server, name)) STRICT, WITHOUT ROWID;
	 CREATE INDEX sessions_owner ON sessions (owner) WHERE ended IS NULL;`,
	`CREATE TABLE checkpoints (
	   num INTEGER PRIMARY KEY, start INTEGER NOT NULL, size INTEGER NOT NULL,
	   note TEXT NOT NULL, leaves BLOB NOT NULL, edge BLOB NOT NULL) STRICT;
	 ALTER TABLE sessions ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
	 CREATE INDEX sessions_unsealed ON sessions (num) WHERE ended IS NOT NULL AND sealed = 0;`,
	`CREATE TABLE grants (
	   num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, server TEXT NOT NULL, tool TEXT NOT NULL, args TEXT NOT NULL,
	   note TEXT NOT NULL, maker TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
	   used INTEGER NOT NULL DEFAULT 0, session TEXT, entry INTEGER, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
	 CREATE INDEX grants_tool ON grants (tool, server);
	 CREATE TABLE asks (
	   num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session TEXT NOT NULL, entry INTEGER NOT NULL,
	   server TEXT NOT NULL, tool TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL, shown TEXT NOT NULL,
	   digest TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
	   approved INTEGER, remember TEXT, answerer TEXT, answered INTEGER, closed TEXT, turn INTEGER NOT NULL DEFAULT 0) STRICT;
	 CREATE INDEX asks_session ON asks (session, turn);
	 CREATE INDEX asks_turn ON asks (turn);
	 CREATE TABLE marks (
	   num INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, server TEXT NOT NULL, client TEXT NOT NULL,
	   label TEXT NOT NULL, at INTEGER NOT NULL) STRICT;`,
	`CREATE TABLE blocks (
	   first INTEGER PRIMARY KEY, session INTEGER NOT NULL, n INTEGER NOT NULL,
	   rows BLOB NOT NULL, bodies BLOB NOT NULL, data BLOB NOT NULL) STRICT;
	 CREATE INDEX blocks_session ON blocks (session, first);
	 CREATE TABLE bodies (num INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;`,
	`ALTER TABLE sessions ADD COLUMN times TEXT;`,
}

// migrate brings the database to schemaVersion. Two processes may do so at once: the
// version is read again under the write lock.
func migrate(c *conn, path string) error {
	v, err := c.version()
	if err != nil {
		return err
	}
	if v == schemaVersion {
		return nil
	}
	if err := tooNew(path, v); err != nil {
		return err
	}
	return c.transaction(func() error {
		v, err := c.version()
		if err != nil {
			return err
		}
		for ; v < schemaVersion; v++ {
			if err := c.exec(migrations[v]); err != nil {
				return err
			}
		}
		return c.exec(fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
	})
}

func tooNew(path string, v int) error {
	if v > schemaVersion {
		return fmt.Errorf("database %s has schema version %d, and this rulewind knows up to %d: update rulewind", path, v, schemaVersion)
	}
	return nil
}

func (c *conn) version() (int, error) {
	v := 0
	err := c.query("PRAGMA user_version", nil, func(row []driver.Value) error {
		v = int(row[0].(int64))
		return nil
	})
	return v, err
}

// metaValue returns a value of the meta table, or "".
func metaValue(c *conn, key string) (value string, err error) {
	err = c.query("SELECT value FROM meta WHERE key = ?", []driver.Value{key}, func(row []driver.Value) error {
		value = asText(row[0])
		return nil
	})
	return value, err
}
