package store

import (
	"context"
	"time"

	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Waiver lets a finding stand. Key is the finding's, which is stable over runs.
type Waiver struct {
	Key    string
	Reason string
	By     string
	At     time.Time
}

// Waivers are all waivers by the key of their finding.
func (r reads) Waivers(ctx context.Context) (map[string]Waiver, error) {
	rows, err := r.q.Waivers(ctx)
	if err != nil {
		return nil, doing(err, "list waivers")
	}
	all := make(map[string]Waiver, len(rows))
	for _, row := range rows {
		all[row.Finding] = Waiver{Key: row.Finding, Reason: row.Reason, By: row.Who, At: fromMicros(row.At)}
	}
	return all, nil
}

// PutWaiver keeps a waiver; a later one of the same finding takes its place.
func (s *Store) PutWaiver(ctx context.Context, w Waiver) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.q.SetWaiver(ctx, dbq.SetWaiverParams{Finding: toText(w.Key), Reason: toText(w.Reason), Who: toText(w.By), At: toMicros(w.At)})
	})
	return doing(err, "waive %s", w.Key)
}
