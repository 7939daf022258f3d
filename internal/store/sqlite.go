package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // registers the driver
)

// sqliteReaders is how many connections read at a time; they never wait for the writer (WAL).
const sqliteReaders = 4

// sqliteDSN names the file with the settings of a connection. busy_timeout comes first, since already the switch to WAL
// may have to wait. synchronous FULL rather than NORMAL: with WAL, NORMAL may lose the last transactions when power
// fails, and an invoice that was sent must never lose its number to another one; it costs one more fsync a write.
func sqliteDSN(path string, more ...string) string {
	q := url.Values{"_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
	}, more...)}
	u := url.URL{Scheme: "file", Path: path}
	return "file:" + u.EscapedPath() + "?" + q.Encode()
}

func (s *Store) openSQLite(cfg Config) error {
	path, err := filepath.Abs(cfg.Path)
	if err != nil {
		return fmt.Errorf("%s: %w", cfg.Path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.dialect = SQLite
	var e1, e2, e3 error
	s.writer, e1 = sql.Open("sqlite", sqliteDSN(path)+"&_txlock=immediate")
	s.shared, e2 = sql.Open("sqlite", sqliteDSN(path)+"&_txlock=immediate")
	s.reader, e3 = sql.Open("sqlite", sqliteDSN(path, "query_only(ON)"))
	if err := errors.Join(e1, e2, e3); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.writer.SetMaxOpenConns(1)
	s.shared.SetMaxOpenConns(2) // others' transactions may nest reads; they wait for the writer by busy_timeout
	s.reader.SetMaxOpenConns(sqliteReaders)
	s.reader.SetMaxIdleConns(sqliteReaders)
	return nil
}
