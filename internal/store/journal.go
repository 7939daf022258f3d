package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Begin writes an intent in state staging. Code: intent.exists.
func (s *Store) Begin(ctx context.Context, in dataset.Intent) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.q.AddIntent(ctx, dbq.AddIntentParams{
			ID: in.ID, Kind: toText(in.Kind), At: toMicros(in.At), Payload: toBytes(in.Payload),
		})
	})
	if errors.Is(err, errs.Conflict) {
		return errs.New(errs.Conflict, "intent.exists", "intent %s was begun already: %w", in.ID, err)
	}
	return doing(err, "begin intent %s", in.ID)
}

// Advance replaces an open intent's state and payload. Code: intent.not_open.
func (s *Store) Advance(ctx context.Context, in dataset.Intent) error {
	err := s.inTx(ctx, func(t *tx) error {
		n, err := t.q.AdvanceIntent(ctx, dbq.AdvanceIntentParams{ID: in.ID, State: in.State, Payload: toBytes(in.Payload)})
		if err == nil && n == 0 {
			return errs.New(errs.Precondition, "intent.not_open", "intent %s is not open", in.ID)
		}
		return err
	})
	return doing(err, "advance intent %s", in.ID)
}

// OpenIntents lists what is neither done nor aborted, oldest first.
func (r reads) OpenIntents(ctx context.Context) ([]dataset.Intent, error) {
	rows, err := r.q.OpenIntents(ctx)
	if err != nil {
		return nil, doing(err, "list open intents")
	}
	list := make([]dataset.Intent, len(rows))
	for i, row := range rows {
		list[i] = dataset.Intent{ID: row.ID, Kind: row.Kind, State: row.State, Payload: fromBytes(row.Payload), At: fromMicros(row.At)}
	}
	return list, nil
}

// Finish makes the versions current and closes the intent. An intent that is done already stays as it is, so that a
// start after a crash may finish it again. Codes: intent.unknown, data_set.overtaken.
func (s *Store) Finish(ctx context.Context, intentID string, sets []dataset.DataSet) error {
	err := s.inTx(ctx, func(t *tx) error {
		closed, err := t.q.CloseIntent(ctx, dbq.CloseIntentParams{ID: intentID, Payload: toBytes(nil)})
		if err != nil {
			return err
		}
		if closed == 0 {
			_, err := t.q.IntentState(ctx, intentID)
			return unknown(err, "intent.unknown", "there is no intent %s", intentID)
		}
		for _, d := range sets {
			if err := t.putDataSet(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return doing(err, "finish intent %s", intentID)
}

// putDataSet makes a version current. It must follow the key's last one: two imports of one key cannot both build on
// the same version.
func (t *tx) putDataSet(ctx context.Context, d dataset.DataSet) error {
	row, err := toRowDataSet(d)
	if err != nil {
		return err
	}
	if err := t.q.RetireDataSet(ctx, row.Name); err != nil {
		return err
	}
	last, err := t.q.LastDataSetVersion(ctx, row.Name)
	if err != nil {
		return err
	}
	if d.Version != last+1 {
		return errs.New(errs.Conflict, "data_set.overtaken", "%s has version %d by now; import it again", d.Key, last)
	}
	return t.q.AddDataSet(ctx, row)
}

// Abort removes an intent that is not done; one that is not there is aborted already. Code: intent.done.
func (s *Store) Abort(ctx context.Context, intentID string) error {
	err := s.inTx(ctx, func(t *tx) error {
		if n, err := t.q.RemoveIntent(ctx, intentID); err != nil || n > 0 {
			return err
		}
		_, err := t.q.IntentState(ctx, intentID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = errs.New(errs.Precondition, "intent.done", "intent %s is done", intentID)
		}
		return err
	})
	return doing(err, "abort intent %s", intentID)
}

// CurrentDataSets lists the current versions, by key.
func (r reads) CurrentDataSets(ctx context.Context) ([]dataset.DataSet, error) {
	rows, err := r.q.DataSetsInForce(ctx)
	if err != nil {
		return nil, doing(err, "list data sets")
	}
	return fromRowDataSets(rows)
}

// DataSetVersions lists all versions of a key, oldest first.
func (r reads) DataSetVersions(ctx context.Context, key string) ([]dataset.DataSet, error) {
	rows, err := r.q.DataSetVersions(ctx, toText(key))
	if err != nil {
		return nil, doing(err, "list versions of %s", key)
	}
	return fromRowDataSets(rows)
}

// dataSetBody is what of a data set has no column.
type dataSetBody struct {
	Blobs   []dataset.Blob   `json:"blobs"`
	Files   []string         `json:"files"`
	Amounts []dataset.Amount `json:"amounts"`
}

func toRowDataSet(d dataset.DataSet) (dbq.AddDataSetParams, error) {
	body, err := toBody(dataSetBody{d.Blobs, d.Files, d.Amounts})
	return dbq.AddDataSetParams{
		Name: toText(d.Key), Version: d.Version, LakeTable: toText(d.Table), Hash: toText(d.Hash), RowCount: d.Rows,
		Period: d.Period.String(), SnapshotID: d.SnapshotID, ImportID: toText(d.ImportID), ImportedAt: toMicros(d.ImportedAt),
		Body: body,
	}, err
}

func fromRowDataSets(rows []dbq.DataSet) ([]dataset.DataSet, error) {
	list := make([]dataset.DataSet, len(rows))
	for i, row := range rows {
		var from fromText
		var body dataSetBody
		from.note(fromBody(row.Body, &body))
		list[i] = dataset.DataSet{
			Key: row.Name, Version: row.Version, Table: row.LakeTable, Hash: row.Hash, Blobs: body.Blobs, Files: body.Files,
			Rows: row.RowCount, Amounts: body.Amounts, Period: from.month(row.Period), SnapshotID: row.SnapshotID,
			ImportID: row.ImportID, ImportedAt: fromMicros(row.ImportedAt), Current: row.InForce,
		}
		if from.err != nil {
			return nil, fmt.Errorf("data set %s: %w", row.Name, from.err)
		}
	}
	return list, nil
}
