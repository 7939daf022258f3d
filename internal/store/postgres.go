package store

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConns is how many connections a process takes at most.
const postgresConns = 16

func (s *Store) openPostgres(cfg Config) error {
	c, err := pgx.ParseConfig(cfg.DSN)
	if err != nil {
		return fmt.Errorf("read the DSN: %w", err)
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "chandler"
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns / 2)
	s.dialect, s.writer, s.reader, s.shared = Postgres, db, db, db
	return nil
}
