package store

import (
	"context"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Waiver lets a finding of one size stand. Key is the finding's, which is stable over runs; Amount is the size that was
// looked at, "" where it was not known.
type Waiver struct {
	Key    string
	Amount string
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
		all[row.Finding] = Waiver{Key: row.Finding, Amount: row.Amount, Reason: row.Reason, By: row.Who, At: fromMicros(row.At)}
	}
	return all, nil
}

// PutWaiver keeps a waiver; a later one of the same finding takes its place.
func (s *Store) PutWaiver(ctx context.Context, w Waiver) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.q.SetWaiver(ctx, dbq.SetWaiverParams{Finding: toText(w.Key), Amount: toText(w.Amount), Reason: toText(w.Reason), Who: toText(w.By), At: toMicros(w.At)})
	})
	return doing(err, "waive %s", w.Key)
}

// RemoveWaiver opens a finding again. Code: waiver.unknown.
func (s *Store) RemoveWaiver(ctx context.Context, key string) error {
	err := s.inTx(ctx, func(t *tx) error {
		n, err := t.q.RemoveWaiver(ctx, toText(key))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "waiver.unknown", "finding %s is not waived", key)
		}
		return err
	})
	return doing(err, "take back the waiver of %s", key)
}
