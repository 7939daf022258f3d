package synth

import (
	"cmp"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Expected is what a correct product makes of a month. Retail and credit are exact, cost and sell are what is paid.
type Expected struct {
	Totals    []Total         `json:"totals"`
	Customers []CustomerTotal `json:"customers"`
	Resellers []ResellerTotal `json:"resellers"`
	Invoices  []InvoiceTotal  `json:"invoices"`
	Seats     []Seats         `json:"seats"`
	Rounding  []Rounding      `json:"rounding"`
	Lines     []Line          `json:"lines"`
	UsageRows int             `json:"usage_rows"`
}

// Amounts are both sides of a sum of lines.
type Amounts struct {
	Cost      money.Decimal            `json:"cost"`
	Retail    money.Decimal            `json:"retail"`
	PECCredit money.Decimal            `json:"pec_credit"`
	Sell      map[string]money.Decimal `json:"sell"` // by rule set, minimum fees included
}

// Total is a currency's.
type Total struct {
	Currency money.Currency `json:"currency"`
	Amounts
}

// CustomerTotal is a customer's in one currency. MinimumFee is the part of Sell that the mixed set adds.
type CustomerTotal struct {
	TenantID string         `json:"tenant_id"`
	Name     string         `json:"name"`
	Currency money.Currency `json:"currency"`
	Amounts
	MinimumFee money.Decimal `json:"minimum_fee"`
}

// ResellerTotal is the cost of what a reseller of record stands for; "" is no reseller.
type ResellerTotal struct {
	MpnID    string         `json:"mpn_id"`
	Currency money.Currency `json:"currency"`
	Cost     money.Decimal  `json:"cost"`
}

// InvoiceTotal is an invoice with its credit note inside; Total includes tax.
type InvoiceTotal struct {
	Number    string          `json:"number"`
	Currency  money.Currency  `json:"currency"`
	Lines     int             `json:"lines"`
	Subtotal  money.Decimal   `json:"subtotal"`
	Tax       money.Decimal   `json:"tax"`
	Total     money.Decimal   `json:"total"`
	Documents []DocumentTotal `json:"documents"`
}

// DocumentTotal is a document alone.
type DocumentTotal struct {
	Number       string        `json:"number"`
	TotalCharges money.Decimal `json:"total_charges"`
}

// Seats is a licence's count at the period's end (D11).
type Seats struct {
	TenantID       string `json:"tenant_id"`
	SubscriptionID string `json:"subscription_id"`
	ProductID      string `json:"product_id"`
	SkuID          string `json:"sku_id"`
	Seats          int64  `json:"seats"`
}

// Rounding is what truncation kept back of a bucket's rows.
type Rounding struct {
	Invoice        string        `json:"invoice"`
	SubscriptionID string        `json:"subscription_id"`
	ProductID      string        `json:"product_id"`
	SkuID          string        `json:"sku_id"`
	AvailabilityID string        `json:"availability_id"`
	PEC            bool          `json:"pec"`
	Variance       money.Decimal `json:"variance"`
}

// Line is a reconciliation line, by its place in the files.
type Line struct {
	File       string                   `json:"file"`
	Line       int                      `json:"line"` // 1 is the header
	Category   string                   `json:"category"`
	ChargeType string                   `json:"charge_type"`
	Mode       Mode                     `json:"mode"`
	Quantity   money.Decimal            `json:"quantity"`
	Cost       money.Decimal            `json:"cost"`
	Retail     money.Decimal            `json:"retail"`
	PECCredit  money.Decimal            `json:"pec_credit"`
	Sell       map[string]money.Decimal `json:"sell"` // of the sets that round lines
}

// expect works everything out from the lines and rows.
func (b *builder) expect(p rules) Expected {
	e := Expected{UsageRows: len(b.usage)}
	var all []*line
	for _, inv := range b.invoices {
		all = append(all, inv.lines...)
		e.Invoices = append(e.Invoices, inv.expect())
	}
	s := p.sell(all)
	e.Customers = customerTotals(all, s)
	e.Totals = totals(e.Customers)
	e.Resellers = resellerTotals(all)
	e.Seats, e.Rounding, e.Lines = b.seatCounts(), b.roundings(), lineTotals(all, s)
	return e
}

func (inv *invoice) expect() InvoiceTotal {
	t := InvoiceTotal{Number: inv.number, Currency: inv.currency, Lines: len(inv.lines)}
	for _, l := range inv.lines {
		t.Subtotal, t.Tax, t.Total = t.Subtotal.Add(l.subtotal), t.Tax.Add(l.tax), t.Total.Add(l.total())
	}
	for _, d := range inv.documents() {
		t.Documents = append(t.Documents, DocumentTotal{d.number, d.total()})
	}
	return t
}

func lineTotals(all []*line, s sold) []Line {
	out := make([]Line, 0, len(all))
	for _, l := range all {
		sells := map[string]money.Decimal{}
		for set, amounts := range s.lines {
			sells[set] = amounts[l]
		}
		out = append(out, Line{l.file, l.number, l.kind, l.chargeType, l.mode, l.billable, l.subtotal, l.list(), l.pecCredit, sells})
	}
	return out
}

func resellerTotals(all []*line) []ResellerTotal {
	sums := map[ResellerTotal]money.Decimal{}
	for _, l := range all {
		k := ResellerTotal{MpnID: l.reseller, Currency: l.invoice.currency}
		if noReseller(l.reseller) {
			k.MpnID = ""
		}
		sums[k] = sums[k].Add(l.subtotal)
	}
	out := make([]ResellerTotal, 0, len(sums))
	for k, sum := range sums {
		k.Cost = sum
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b ResellerTotal) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.MpnID, b.MpnID))
	})
	return out
}
