package billing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// SellLine is something to bill: a rated charge, a service, a minimum's shortfall, a correction. The line's Net is
// rounded already, in Currency. Draft sets number, unit price and, where the line has none, tax.
type SellLine struct {
	Currency money.Currency
	Line
}

// Balance is a negative total that was carried forward in place of a credit note. Amounts are negative.
type Balance struct {
	CustomerID  string         `json:"customer_id"`
	Currency    money.Currency `json:"currency"`
	Period      period.Month   `json:"period"` // whose total it was
	RunID       string         `json:"run_id"`
	ServiceFrom period.Date    `json:"service_from"`
	ServiceTo   period.Date    `json:"service_to"`
	Net         money.Decimal  `json:"net"`
	Parts       []TaxSubtotal  `json:"parts"` // net by tax category: the next invoice's tax falls by it
	Lines       []Line         `json:"lines"` // what it was made of, for the explanation
}

// Buyer is the customer, or the reseller in its place, as invoices need it.
type Buyer struct {
	CustomerID     string
	TenantID       string
	Party          Party
	BuyerReference string
	OrderReference string
	ResellerMpnID  string // reseller of record, shown; empty: that of the lines where they agree
	PaymentDays    *int   // nil: the seller's terms
	TaxCategory    TaxCategory
	TaxRate        *money.Decimal
	TaxReason      string
	HideZeroLines  bool
}

// DraftInput is all that the invoices of one buyer and one period are made of.
type DraftInput struct {
	Seller   Seller
	Logo     []byte
	Buyer    Buyer
	Period   period.Month
	RunID    string
	Estimate bool
	By       string // who drafts, for four eyes
	Now      time.Time
	Lines    []SellLine // charges, services, minimum fees and corrections, in any order
	Carried  []Balance  // carried forward from earlier periods and not yet billed
	Usage    map[money.Currency][]UsageSummary
	Notes    []string
}

// Problem is something about a draft that a person should look at. Drafts may lack data, so none of them stops it.
type Problem struct {
	CustomerID string
	Currency   money.Currency
	Field      errs.Field
}

// Drafted is what became of one buyer's period: an invoice or credit note for each currency, or a balance.
type Drafted struct {
	Invoices []Invoice // by currency
	Balances []Balance // negative totals, where the policy carries them forward
	Problems []Problem
}

// Draft makes the buyer's documents of the period: one for each currency. A negative total becomes a credit note, whose
// amounts stay negative here, or a balance, by the seller's policy. Same input, same documents.
func Draft(in DraftInput) Drafted {
	var out Drafted
	byCurrency := map[money.Currency][]Line{}
	for _, l := range in.Lines {
		line, problem := prepare(l, in)
		out.Problems = append(out.Problems, problem...)
		byCurrency[l.Currency] = append(byCurrency[l.Currency], line)
	}
	for i := range in.Carried {
		b := &in.Carried[i]
		byCurrency[b.Currency] = append(byCurrency[b.Currency], b.asLines()...)
	}
	for _, c := range sortedCurrencies(byCurrency) {
		inv := in.document(c, byCurrency[c])
		if inv.Net.Sign() < 0 && in.Seller.Negative == NegativeCarryForward {
			out.Balances = append(out.Balances, inv.balance())
			continue
		}
		out.Invoices = append(out.Invoices, inv)
	}
	return out
}

func sortedCurrencies[V any](m map[money.Currency]V) []money.Currency {
	list := make([]money.Currency, 0, len(m))
	for c := range m {
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

// document puts lines in order, numbers, taxes and adds them up.
func (in *DraftInput) document(c money.Currency, lines []Line) Invoice {
	inv := Invoice{
		ID:   id.Hash("inv", in.RunID, in.Buyer.CustomerID, string(c), in.Period.String()),
		Type: TypeInvoice, State: StateDraft, Period: in.Period, RunID: in.RunID, Estimate: in.Estimate,
		Currency: c, Lines: lines, Notes: slices.Concat(in.Seller.Notes, in.Notes), Usage: in.Usage[c],
		DraftedBy: in.By, CreatedAt: in.Now,
	}
	inv.order()
	inv.ServiceFrom, inv.ServiceTo = spanOf(lines, in.Period)
	inv = Refresh(inv, in.Seller, in.Buyer, in.Logo)
	if inv.Net.Sign() < 0 {
		inv.Type = TypeCreditNote
	}
	return inv
}

// Refresh takes the seller's and the buyer's present data into a document that is not issued, and taxes it anew. Lines
// that brought their tax (corrections, carried balances, credits) keep it.
func Refresh(inv Invoice, s Seller, b Buyer, logo []byte) Invoice {
	inv.Seller, inv.Bank, inv.Terms, inv.Logo = s.Party, s.Bank, s.Terms, logo
	inv.CustomerID, inv.TenantID, inv.Buyer = b.CustomerID, b.TenantID, b.Party
	inv.BuyerReference, inv.OrderReference, inv.HideZeroLines = b.BuyerReference, b.OrderReference, b.HideZeroLines
	inv.ResellerMpnID = cmp.Or(b.ResellerMpnID, commonReseller(inv.Lines))
	if inv.Corrects == nil { // a credit note's taxes are those of its invoice, to the cent
		inv.tax(s, b)
	}
	inv.total()
	return inv
}

func (i *Invoice) tax(s Seller, b Buyer) {
	i.Lines = slices.Clone(i.Lines)
	why := reasonsOf(i.Taxes)
	for k := range i.Lines {
		l := &i.Lines[k]
		if t := TaxOf(s, b, l.Category); !l.keepsTax() {
			l.Tax, l.TaxRate = t.Category, t.Rate
			why[t.Category] = t
		} else if _, known := why[l.Tax]; !known && t.Category == l.Tax {
			why[l.Tax] = t
		}
	}
	i.Taxes = Subtotals(i.Lines, i.Currency, why)
}

// keepsTax says whether the line brought its own tax: it mirrors a line of an earlier document.
func (l *Line) keepsTax() bool {
	mirrors := l.CorrectsLine > 0 || l.Kind == KindCorrection || l.Kind == KindCarryForward
	return mirrors && l.Tax != ""
}

// spanOf is the first and last service day of the lines, or the period where they name none.
func spanOf(lines []Line, m period.Month) (from, to period.Date) {
	for i := range lines {
		l := &lines[i]
		if !l.ServiceFrom.IsZero() && (from.IsZero() || l.ServiceFrom.Before(from)) {
			from = l.ServiceFrom
		}
		if l.ServiceTo.After(to) {
			to = l.ServiceTo
		}
	}
	if from.IsZero() {
		from = m.First()
	}
	if to.IsZero() {
		to = m.Last()
	}
	return from, to
}

// commonReseller is the reseller of record that the lines agree on; where they differ, all of them.
func commonReseller(lines []Line) string {
	var list []string
	for i := range lines {
		if mpn := lines[i].ResellerMpnID; mpn != "" && !slices.Contains(list, mpn) {
			list = append(list, mpn)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// kindOrder is the order of the kinds on a document.
var kindOrder = map[Kind]int{
	KindCharge: 0, KindMinimumFee: 1, KindService: 2, KindCorrection: 3, KindCarryForward: 4, KindRounding: 5,
}

// order sorts the lines so that the same charges always give the same document, and numbers them from 1.
func (i *Invoice) order() {
	slices.SortStableFunc(i.Lines, func(a, b Line) int {
		return cmp.Or(
			cmp.Compare(kindOrder[a.Kind], kindOrder[b.Kind]), cmp.Compare(a.Group, b.Group),
			cmp.Compare(a.Description, b.Description), cmp.Compare(a.SubscriptionID, b.SubscriptionID),
			a.ServiceFrom.Compare(b.ServiceFrom), a.ServiceTo.Compare(b.ServiceTo),
			cmp.Compare(a.ProductID, b.ProductID), cmp.Compare(a.SkuID, b.SkuID), cmp.Compare(a.MeterID, b.MeterID),
			cmp.Compare(a.ChargeType, b.ChargeType), a.Net.Cmp(b.Net), a.Quantity.Cmp(b.Quantity),
			a.Cost.Cmp(b.Cost), slices.Compare(a.ChargeIDs, b.ChargeIDs),
		)
	})
	for n := range i.Lines {
		i.Lines[n].N = n + 1
	}
}

// balance turns a negative document into what is carried forward.
func (i *Invoice) balance() Balance {
	return Balance{
		CustomerID: i.CustomerID, Currency: i.Currency, Period: i.Period, RunID: i.RunID,
		ServiceFrom: i.ServiceFrom, ServiceTo: i.ServiceTo, Net: i.Net, Parts: i.Taxes, Lines: i.Lines,
	}
}

// Holds says whether a line that carries a balance of the period forward is of this one: a period may have several, where
// a document that had carried one was credited.
func (b *Balance) Holds(l Line) bool {
	for _, of := range b.asLines() {
		if of.Net.Equal(l.Net) && of.Tax == l.Tax && of.TaxRate.Equal(l.TaxRate) {
			return true
		}
	}
	return false
}

// asLines bills the balance: one line for each tax category. The partner's cost moved with it.
func (b *Balance) asLines() []Line {
	lines := make([]Line, 0, len(b.Parts))
	for _, p := range b.Parts {
		l := Line{
			Kind: KindCarryForward, Category: "carried forward", Group: "Carried forward",
			Description: fmt.Sprintf("Balance carried forward from %s", b.Period),
			ServiceFrom: b.ServiceFrom, ServiceTo: b.ServiceTo, Quantity: money.FromInt(1), Unit: "unit",
			Net: p.Base, Tax: p.Category, TaxRate: p.Rate, CorrectsPeriod: b.Period,
		}
		for k := range b.Lines {
			if of := &b.Lines[k]; keyOfTax(of.Tax, of.TaxRate) == keyOfTax(p.Category, p.Rate) {
				l.Cost = l.Cost.Add(of.Cost)
				l.CostCurrency = cmp.Or(l.CostCurrency, of.CostCurrency)
			}
		}
		l.present(b.Currency)
		lines = append(lines, l)
	}
	return lines
}
