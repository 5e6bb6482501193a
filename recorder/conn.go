package recorder

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-sqlite3"
)

// A conn is one SQLite connection, used by one goroutine at a time. It goes to the
// driver directly: database/sql costs more than a small insert.
type conn struct {
	*sqlite3.SQLiteConn
	statements map[string]driver.Stmt
	// unchanged, if set, reports an error if what was read can't be relied on.
	unchanged func() error
	file      os.FileInfo // what a reader opened
	z         *unpacker   // once it was needed
}

func connect(dsn string) (*conn, error) {
	c, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{SQLiteConn: c.(*sqlite3.SQLiteConn), statements: map[string]driver.Stmt{}}, nil
}

func (c *conn) close() error {
	for _, s := range c.statements {
		s.Close()
	}
	if c.z != nil {
		c.z.close()
	}
	return c.SQLiteConn.Close()
}

func (c *conn) exec(sql string, args ...driver.Value) error {
	_, err := c.SQLiteConn.Exec(sql, args)
	return err
}

// statement prepares a statement, and keeps it for the next time.
func (c *conn) statement(sql string) (driver.Stmt, error) {
	s := c.statements[sql]
	if s == nil {
		var err error
		if s, err = c.Prepare(sql); err != nil {
			return nil, err
		}
		c.statements[sql] = s
	}
	return s, nil
}

// prepared runs a statement that is kept for the next time.
func (c *conn) prepared(sql string, args []driver.Value) (driver.Result, error) {
	s, err := c.statement(sql)
	if err != nil {
		return nil, err
	}
	//lint:ignore SA1019 the form with a context starts a goroutine for each call
	return s.Exec(args)
}

// queryPrepared is query by a statement that is kept for the next time.
func (c *conn) queryPrepared(sql string, args []driver.Value, each func(row []driver.Value) error) error {
	s, err := c.statement(sql)
	if err != nil {
		return err
	}
	//lint:ignore SA1019 as above
	rows, err := s.Query(args)
	if err != nil {
		return err
	}
	return eachRow(rows, each)
}

// query calls each with every row. The row's byte slices are its own to keep.
func (c *conn) query(sql string, args []driver.Value, each func(row []driver.Value) error) error {
	err := c.queryRows(sql, args, each)
	if c.unchanged != nil {
		if changed := c.unchanged(); changed != nil {
			return changed
		}
	}
	return err
}

func (c *conn) queryRows(sql string, args []driver.Value, each func(row []driver.Value) error) error {
	rows, err := c.SQLiteConn.Query(sql, args)
	if err != nil {
		return err
	}
	return eachRow(rows, each)
}

func eachRow(rows driver.Rows, each func(row []driver.Value) error) error {
	defer rows.Close()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(row); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// transaction runs f between BEGIN IMMEDIATE and COMMIT.
func (c *conn) transaction(f func() error) error {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return errors.Join(err, c.rollback()) // SQLite has done so itself if the disk is full
	}
	if err := c.exec("COMMIT"); err != nil {
		return errors.Join(err, c.rollback())
	}
	return nil
}

// transactionIn is transaction, committed with a durability that the connection
// doesn't have otherwise.
func (c *conn) transactionIn(d, otherwise Durability, f func() error) error {
	if d.synchronous() == otherwise.synchronous() {
		return c.transaction(f)
	}
	if err := c.exec(pragma("synchronous", d.synchronous())); err != nil {
		return err
	}
	return errors.Join(c.transaction(f), c.exec(pragma("synchronous", otherwise.synchronous())))
}

// rollback ends a transaction if one is open.
func (c *conn) rollback() error {
	if c.AutoCommit() {
		return nil
	}
	return c.exec("ROLLBACK")
}

func pragma(name string, value any) string { return fmt.Sprintf("PRAGMA %s = %v", name, value) }
