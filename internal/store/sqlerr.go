package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// SQLite's extended result codes that mean something to a caller (sqlite.org/rescode.html).
const (
	sqliteBusy, sqliteLocked, sqliteFull = 5, 6, 13
	sqliteForeignKey                     = 787
	sqlitePrimaryKey, sqliteUnique       = 1555, 2067
)

// PostgreSQL's (Appendix A of its manual).
const (
	pgForeignKey, pgUnique                     = "23503", "23505"
	pgSerialization, pgDeadlock, pgLockTimeout = "40001", "40P01", "55P03"
)

// fromDriver turns a driver's error into one that a caller can act on; others stay as they are. An error that has a
// kind already keeps it.
func fromDriver(err error) error {
	var known *errs.Error
	switch {
	case err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return errs.New(errs.NotFound, "store.not_found", "not found: %w", err)
	case isUnique(err):
		return &errs.Error{Kind: errs.Conflict, Code: "store.exists", Detail: "it exists already", Err: err}
	case isForeignKey(err):
		return &errs.Error{Kind: errs.Precondition, Code: "store.missing_reference", Detail: "what it refers to does not exist, or is referred to", Err: err}
	case isTransient(err):
		return &errs.Error{Kind: errs.Unavailable, Code: "store.busy", Detail: "the records database is busy; try again", Err: err}
	case isUnreachable(err):
		return &errs.Error{Kind: errs.Unavailable, Code: "store.unavailable", Detail: "the records database cannot be reached, or is full", Err: err}
	}
	return err
}

// doing says what was being done when the driver failed. Nil stays nil, and so does an error that has a kind: its
// detail says it all to a person.
func doing(err error, format string, args ...any) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) && !strings.HasPrefix(string(known.Code), "store.") {
		return err
	}
	return fmt.Errorf(format+": %w", append(args, fromDriver(err))...)
}

// unknown turns a missing row into NotFound by the record's own code, and any other error by fromDriver.
func unknown(err error, code errs.Code, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, code, format, args...)
	}
	return fromDriver(err)
}

// changed explains an update that met no row of the version asked for: err is that of reading the row.
func changed(err error, what, id string) error {
	if err != nil {
		return unknown(err, errs.Code(what+".unknown"), "there is no %s %s", what, id)
	}
	return errs.New(errs.Conflict, errs.Code(what+".changed"), "%s %s was changed by somebody else; read it again", what, id)
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func isUnique(err error) bool {
	c := sqliteCode(err)
	return c == sqliteUnique || c == sqlitePrimaryKey || pgCode(err) == pgUnique
}

func isForeignKey(err error) bool {
	return sqliteCode(err) == sqliteForeignKey || pgCode(err) == pgForeignKey
}

// isTransient says whether the same transaction may succeed when it is tried again.
func isTransient(err error) bool {
	if c := sqliteCode(err) & 0xff; c == sqliteBusy || c == sqliteLocked {
		return true
	}
	switch pgCode(err) {
	case pgSerialization, pgDeadlock, pgLockTimeout:
		return true
	}
	return false
}

func isUnreachable(err error) bool {
	var connect *pgconn.ConnectError
	class := pgCode(err)
	return errors.As(err, &connect) || sqliteCode(err)&0xff == sqliteFull ||
		strings.HasPrefix(class, "08") || strings.HasPrefix(class, "53") || strings.HasPrefix(class, "57P")
}
