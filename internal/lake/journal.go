package lake

import "github.com/chandler-csp/chandler/internal/csp/dataset"

// The journal's types, under the names that the lake uses.
type (
	DataSet = dataset.DataSet
	Blob    = dataset.Blob
	Amount  = dataset.Amount
	Intent  = dataset.Intent
	Journal = dataset.Journal
)
