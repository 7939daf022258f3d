package storetest

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
)

var day = time.Date(2026, 4, 1, 0, 0, 0, 123456000, time.UTC)

func dataSet(key string, version int64) dataset.DataSet {
	return dataset.DataSet{
		Key: key, Version: version, Table: "usage", Hash: "set_abc", Rows: 3, SnapshotID: 8_000_000_000_000_000_001,
		Blobs:    []dataset.Blob{{Name: "usage.csv.gz", SHA256: "00ff", Bytes: 12, Rows: 3}},
		Files:    []string{"usage/data/imp_1-00001.parquet"},
		Amounts:  []dataset.Amount{{Currency: "EUR", Value: money.MustParse("-10.500")}, {Currency: "USD", Value: money.MustParse("0.000000000000000001")}},
		Period:   period.MustMonth("2026-03"),
		ImportID: "imp_1", ImportedAt: day, Current: true,
	}
}

var journalCases = []testCase{
	{"open intents are listed oldest first, as they were advanced last", func(e *env) {
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_b", Kind: "import", At: day.Add(time.Hour)}))
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_c", Kind: "run", At: day, Payload: []byte(`{"a":1}`)}))
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_a", Kind: "import", At: day.Add(time.Minute)}))
		e.must(e.Advance(e.Context(), dataset.Intent{ID: "imp_a", State: "committing", Payload: []byte("p\x00\xff")}))
		same(e, got(e.OpenIntents(e.Context()))(e), []dataset.Intent{
			{ID: "imp_c", Kind: "run", State: "staging", At: day, Payload: []byte(`{"a":1}`)},
			{ID: "imp_a", Kind: "import", State: "committing", At: day.Add(time.Minute), Payload: []byte("p\x00\xff")},
			{ID: "imp_b", Kind: "import", State: "staging", At: day.Add(time.Hour)},
		})
	}},
	{"an intent begins once", func(e *env) {
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_a", Kind: "import", At: day}))
		e.refused(e.Begin(e.Context(), dataset.Intent{ID: "imp_a", Kind: "run", At: day}), errs.Conflict, "intent.exists")
	}},
	{"a data set comes back as it was recorded", func(e *env) {
		finish(e, "imp_1", dataSet("usage|G1", 1))
		same(e, got(e.CurrentDataSets(e.Context()))(e), []dataset.DataSet{dataSet("usage|G1", 1)})
	}},
	{"a new version is current, and the one before is kept", func(e *env) {
		finish(e, "imp_1", dataSet("usage|G1", 1), dataSet("recon|G1", 1))
		finish(e, "imp_2", dataSet("usage|G1", 2))
		same(e, got(e.CurrentDataSets(e.Context()))(e), []dataset.DataSet{dataSet("recon|G1", 1), dataSet("usage|G1", 2)})
		before := dataSet("usage|G1", 1)
		before.Current = false
		same(e, got(e.DataSetVersions(e.Context(), "usage|G1"))(e), []dataset.DataSet{before, dataSet("usage|G1", 2)})
		same(e, got(e.DataSetVersions(e.Context(), "usage|none"))(e), []dataset.DataSet{})
	}},
	{"a finished intent is not open, and finishing it again changes nothing", func(e *env) {
		finish(e, "imp_1", dataSet("usage|G1", 1))
		same(e, got(e.OpenIntents(e.Context()))(e), []dataset.Intent{})
		e.must(e.Finish(e.Context(), "imp_1", []dataset.DataSet{dataSet("usage|G1", 1)}))
		e.must(e.Finish(e.Context(), "imp_1", []dataset.DataSet{dataSet("usage|G2", 1)}))
		same(e, got(e.CurrentDataSets(e.Context()))(e), []dataset.DataSet{dataSet("usage|G1", 1)})
		e.refused(e.Advance(e.Context(), dataset.Intent{ID: "imp_1", State: "committing"}), errs.Precondition, "intent.not_open")
		e.refused(e.Abort(e.Context(), "imp_1"), errs.Precondition, "intent.done")
	}},
	{"two processes that finish one intent record it once", func(e *env) {
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_1", Kind: "import", At: day}))
		other := e.open()
		sets := []dataset.DataSet{dataSet("usage|G1", 1)}
		for _, err := range atOnce(
			func() error { return e.Finish(e.Context(), "imp_1", sets) },
			func() error { return other.Finish(e.Context(), "imp_1", sets) },
		) {
			e.must(err)
		}
		same(e, got(e.DataSetVersions(e.Context(), "usage|G1"))(e), sets)
	}},
	{"a version that does not follow the last is refused, and nothing of the intent is kept", func(e *env) {
		finish(e, "imp_1", dataSet("usage|G1", 1))
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_2", Kind: "import", At: day}))
		for _, version := range []int64{1, 3} {
			err := e.Finish(e.Context(), "imp_2", []dataset.DataSet{dataSet("fx|2026-03", 1), dataSet("usage|G1", version)})
			e.refused(err, errs.Conflict, "data_set.overtaken")
		}
		same(e, got(e.CurrentDataSets(e.Context()))(e), []dataset.DataSet{dataSet("usage|G1", 1)})
		if open := got(e.OpenIntents(e.Context()))(e); len(open) != 1 || open[0].ID != "imp_2" {
			e.Errorf("open intents: %v, want imp_2", open)
		}
	}},
	{"an intent that nobody began cannot be finished", func(e *env) {
		e.refused(e.Finish(e.Context(), "imp_1", []dataset.DataSet{dataSet("usage|G1", 1)}), errs.NotFound, "intent.unknown")
		same(e, got(e.CurrentDataSets(e.Context()))(e), []dataset.DataSet{})
	}},
	{"abort removes an intent, also twice", func(e *env) {
		e.must(e.Begin(e.Context(), dataset.Intent{ID: "imp_1", Kind: "import", At: day}))
		e.must(e.Abort(e.Context(), "imp_1"))
		e.must(e.Abort(e.Context(), "imp_1"))
		same(e, got(e.OpenIntents(e.Context()))(e), []dataset.Intent{})
		e.refused(e.Finish(e.Context(), "imp_1", nil), errs.NotFound, "intent.unknown")
	}},
}

func finish(e *env, intent string, sets ...dataset.DataSet) {
	e.Helper()
	e.must(e.Begin(e.Context(), dataset.Intent{ID: intent, Kind: "import", At: day}))
	e.must(e.Finish(e.Context(), intent, sets))
}
