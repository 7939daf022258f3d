package billing

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/period"
)

// Run is one bill run of a period with everything that it was made from, so that it can be replayed to the same bytes.
// The JSON columns belong to who wrote them; the store keeps them as they are.
type Run struct {
	ID         string
	Period     period.Month
	Estimate   bool
	StartedAt  time.Time
	FinishedAt time.Time
	Inputs     []byte // lake snapshot: data sets, files, snapshot ids
	Rules      []byte // price rules in force
	Parties    []byte // seller, customers, resellers, services as they were
	Charges    []byte // the data set of rated charges
	Totals     []byte
	Result     []byte // reconciliation
	Findings   int
	Manifest   []byte // hashes of inputs and results
	Signature  []byte // over Manifest
}
