// Package catalog holds Microsoft's prices: rows of the Azure plan and licence price sheets, exchange rates, and the
// choice of the row that was valid at an instant. It owns validity, overlaps and tiers, and no customer price.
// Invariant: two rows never both answer for one instant; on an overlap the earlier row wins until it ends (A2).
package catalog

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// PriceRow is one row of a price sheet (billing reference A1, A2). Consumption and reservation sheets have no segment,
// billing plan or ERP; licence sheets have no meters and no tiers.
type PriceRow struct {
	ID           string
	View         string // azure_consumption, azure_reservations, updatedlicensebased, software, rate-card
	DataSet      string
	Sheet        period.Month // month of the sheet that holds the row; zero: not known
	Place        usage.Place
	ProductID    string
	SkuID        string // four characters, leading zeros kept
	ProductTitle string
	SkuTitle     string
	Publisher    string
	Unit         string
	Term         string // payG-1, P1M, P1Y, P3Y, empty
	BillingPlan  string // Monthly, Annual, Triennial, None, empty
	Market       string
	Currency     money.Currency
	Segment      string // Commercial, Education, Charity, Government, empty
	UnitPrice    money.Decimal
	ERPPrice     money.Decimal
	HasERP       bool
	TierMin      money.Decimal // first unit of the tier; 0 when the row has no tier
	TierMax      money.Decimal // last unit; meaningless when TierOpen
	TierOpen     bool          // no upper end
	From         period.Date
	To           period.Date // inclusive; zero: open
	MeterIDs     string      // as written
	Tags         string      // separated by ; or ,
}

// FXRate is Microsoft's rate of a month (A7): US dollars for one unit of the currency.
type FXRate struct {
	Currency   money.Currency
	USDPerUnit money.Decimal
	Month      period.Month
	DataSet    string
	Place      usage.Place
}
