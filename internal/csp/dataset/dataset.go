// Package dataset names what an import replaces as a whole, and the journal by which a replacement survives a crash. It owns
// no rows. Invariant: of the versions of one key exactly one is current.
package dataset

import (
	"context"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// DataSet is one version of what an import replaces as a whole: the files of one invoice, one unbilled period, one
// price sheet month, one month of rates.
type DataSet struct {
	Key        string       // "usage|G090387211", "usage|unbilled|EUR|2026-03", "price|azure_consumption|US|2026-03", "fx|2026-03"
	Version    int64        // 1, 2, … per key
	Table      string       // Iceberg table that holds the rows
	Hash       string       // over the sorted content hashes of its blobs: equal hash, equal content
	Blobs      []Blob       // what it was made from
	Files      []string     // Parquet files, relative to the lake's folder
	Rows       int64        //
	Amounts    []Amount     // money of the rows by currency, for "before and after"
	Period     period.Month // billing period of the rows
	SnapshotID int64        // Iceberg snapshot that first holds it
	ImportID   string
	ImportedAt time.Time
	Current    bool
}

// Blob is one input file, told by its content.
type Blob struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // of the decompressed bytes
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
}

// Amount is a sum in one currency.
type Amount struct {
	Currency money.Currency `json:"currency"`
	Value    money.Decimal  `json:"value"`
}

// Intent is a change to the lake that was announced before it was made, so that a start after a crash can finish it
// or undo it. Payload is the lake's own JSON.
type Intent struct {
	ID      string
	Kind    string // import | run
	State   string // staging | committing | done
	Payload []byte
	At      time.Time
}

// Journal is what the lake asks of the records database. All methods are atomic.
type Journal interface {
	// Begin writes an intent in state staging.
	Begin(ctx context.Context, in Intent) error
	// Advance replaces an open intent's state and payload.
	Advance(ctx context.Context, in Intent) error
	// OpenIntents lists what is neither done nor aborted, oldest first.
	OpenIntents(ctx context.Context) ([]Intent, error)
	// Finish makes the versions current (those of the same keys before them are kept, not current) and closes the
	// intent, in one transaction.
	Finish(ctx context.Context, intentID string, sets []DataSet) error
	// Abort removes the intent.
	Abort(ctx context.Context, intentID string) error
	// CurrentDataSets lists the current versions, by key.
	CurrentDataSets(ctx context.Context) ([]DataSet, error)
	// DataSetVersions lists all versions of a key, oldest first.
	DataSetVersions(ctx context.Context, key string) ([]DataSet, error)
}
