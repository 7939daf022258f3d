package lake

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// watchEvery is how often a long statement is asked how far it is.
const watchEvery = 200 * time.Millisecond

// watched runs a statement that reads a file of so many rows, and tells meanwhile how many of them it has read.
func (e *engine) watched(ctx context.Context, query string, rows int64, every time.Duration, tell func(done int64)) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err //nolint:wrapcheck // callers say what they did
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	if _, err := conn.ExecContext(ctx, "SET enable_progress_bar = true; SET enable_progress_bar_print = false"); err != nil {
		return fmt.Errorf("watch a statement: %w", err)
	}
	var handle mapping.Connection
	if err := conn.Raw(func(raw any) error { handle = handleOf(raw); return nil }); err != nil {
		return fmt.Errorf("watch a statement: %w", err)
	}
	ended, watcher := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watcher)
		watch(handle, rows, every, tell, ended)
	}()
	_, err = conn.ExecContext(ctx, query)
	close(ended)
	<-watcher  // the connection is asked no more when it is given back
	return err //nolint:wrapcheck // callers say what they did
}

func watch(handle mapping.Connection, rows int64, every time.Duration, tell func(done int64), ended <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		if handle.Ptr == nil {
			continue
		}
		p := mapping.QueryProgress(handle)
		percent, _, _ := mapping.QueryProgressTypeMembers(&p)
		if part := int64(percent * 100); part > 0 {
			tell(rows * min(part, 10_000) / 10_000)
		}
	}
}

// handleOf is DuckDB's own handle of a connection, which the driver keeps to itself; empty when it is not where it was,
// and then a statement's progress is not seen.
func handleOf(raw any) mapping.Connection {
	v := reflect.Indirect(reflect.ValueOf(raw))
	if v.Kind() != reflect.Struct {
		return mapping.Connection{}
	}
	c := v.FieldByName("conn")
	if c.Kind() != reflect.Struct {
		return mapping.Connection{}
	}
	if p := c.FieldByName("Ptr"); p.Kind() == reflect.UnsafePointer {
		return mapping.Connection{Ptr: p.UnsafePointer()}
	}
	return mapping.Connection{}
}
