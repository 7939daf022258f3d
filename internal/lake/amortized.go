package lake

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Repeats says whether a data set tells money that another one of the snapshot tells as well: amortized cost spreads
// what the actual cost of the same account and period says, and the two are never charged together.
func (s Snapshot) Repeats(d DataSet) bool {
	actual := ingest.ActualKey(d.Key)
	return actual != "" && slices.ContainsFunc(s.Sets, func(o DataSet) bool { return o.Key == actual })
}
