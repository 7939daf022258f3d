package storetest

import (
	"fmt"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var (
	february = period.MustMonth("2026-02")
	march    = period.MustMonth("2026-03")
	april    = period.MustMonth("2026-04")
	may      = period.MustMonth("2026-05")
)

// run is a bill run that begins now.
func (e *env) run(id string, p period.Month) billing.Run {
	return billing.Run{ID: id, Period: p, StartedAt: e.clock.now(), FinishedAt: e.clock.now()}
}

// replace keeps a run with its drafts.
func (e *env) replace(id string, p period.Month, drafts ...billing.Invoice) {
	e.Helper()
	e.must(e.keep(e.Store, e.run(id, p), drafts, nil))
}

// keep replaces a run as one that began a moment ago.
func (e *env) keep(s *store.Store, run billing.Run, drafts []billing.Invoice, balances []billing.Balance) error {
	issued, err := s.IssuedFrom(e.Context(), run.Period)
	if err != nil {
		return err
	}
	return s.ReplaceRun(e.Context(), run, issued, drafts, balances)
}

// draft is a document of one line over an amount, to a customer whose name is the id.
func draft(id, run string, p period.Month, customerID, net string) billing.Invoice {
	amount := money.MustParse(net)
	inv := billing.Invoice{
		ID: id, Type: billing.TypeInvoice, State: billing.StateDraft, Period: p, RunID: run, CustomerID: customerID,
		Buyer: billing.Party{Name: customerID}, Currency: "EUR", Net: amount, Tax: money.MustParse("0.00"), Gross: amount, CreatedAt: day,
		Lines: []billing.Line{{N: 1, Kind: billing.KindCharge, Description: "Seats", Net: amount, Tax: billing.TaxZero}},
	}
	if amount.Sign() < 0 {
		inv.Type = billing.TypeCreditNote
	}
	return inv
}

// full is a document of run_1 that uses every field that is kept apart from the body, and some that are not.
func full(id string) billing.Invoice {
	inv := draft(id, "run_1", march, "cus_1", "100.50")
	inv.Estimate, inv.TenantID, inv.ResellerMpnID = true, tenantA, "6048879"
	inv.Buyer, inv.Seller = billing.Party{Name: "Ärzte & Söhne GmbH", VATID: "DE1"}, billing.Party{Name: "Partner GmbH"}
	inv.Logo = []byte("\x89PNG\x00\xff")
	inv.Tax, inv.Gross = money.MustParse("19.10"), money.MustParse("119.60")
	inv.Taxes = []billing.TaxSubtotal{{Category: billing.TaxStandard, Rate: money.MustParse("19.00"), Base: inv.Net, Amount: inv.Tax}}
	inv.Lines = []billing.Line{
		{
			N: 1, Kind: billing.KindCharge, Description: "Virtual machine", ServiceFrom: march.First(), ServiceTo: march.Last(),
			Quantity: money.MustParse("0.000000000000000001"), UnitPrice: money.MustParse("1.2000000000"), Net: money.MustParse("120.50"),
			Cost: money.MustParse("99.990"), ChargeIDs: []string{"chg_1", "chg_2"}, Exchange: &billing.Exchange{From: "USD", Rate: money.MustParse("0.9100"), On: march.First()},
		},
		{N: 2, Kind: billing.KindCorrection, Description: "Correction: seats", Net: money.MustParse("-20.00"), CorrectsPeriod: february, CorrectsNumber: "2026-00001"},
	}
	inv.Notes, inv.Usage = []string{"Thank you"}, []billing.UsageSummary{{Service: "Storage", Quantity: money.MustParse("3.0"), Amount: money.MustParse("1.00")}}
	inv.DraftedBy, inv.CreatedAt = "kim", time.Date(2026, 4, 9, 10, 0, 0, 123456789, time.UTC)
	return inv
}

var invoices2026 = store.Counter{Series: "invoice", Scope: "2026", First: 1}

// numbered issues a document as "<prefix>-n".
func (e *env) numbered(prefix string) func(billing.Invoice, int64) (billing.Invoice, error) {
	return func(inv billing.Invoice, n int64) (billing.Invoice, error) {
		inv.Number, inv.State = fmt.Sprintf("%s-%d", prefix, n), billing.StateIssued
		inv.IssuedOn, inv.DueOn, inv.IssuedAt = period.MustDate("2026-04-09"), period.MustDate("2026-04-23"), e.clock.now()
		inv.ContentHash = inv.Hash()
		return inv, nil
	}
}

// issue issues a document of the invoice series.
func (e *env) issue(id string) billing.Invoice {
	e.Helper()
	return got(e.IssueInvoice(e.Context(), id, invoices2026, "kim", e.numbered("R")))(e)
}

// issueNote issues a credit note.
func (e *env) issueNote(id string) {
	e.Helper()
	got(e.IssueInvoice(e.Context(), id, store.Counter{Series: "credit-note", First: 1}, "kim", e.numbered("G")))(e)
}

// whileIssuing issues a document while somebody else does something, and returns what became of that. The other is given
// a moment to overtake the issue before that ends; one that waits for it, as it should, is met when the issue is done.
func (e *env) whileIssuing(id string, other func() error) error {
	e.Helper()
	result := make(chan error, 1)
	var started bool
	got(e.IssueInvoice(e.Context(), id, store.Counter{Series: "any", First: 1}, "kim", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
		if !started {
			started = true
			overtook := make(chan struct{})
			go func() { result <- other(); close(overtook) }()
			select {
			case <-overtook:
			case <-time.After(300 * time.Millisecond):
			}
		}
		return e.numbered("W")(inv, n)
	}))(e)
	return <-result
}

// state moves a document that is not issued.
func (e *env) state(id string, to billing.State) billing.Invoice {
	e.Helper()
	inv := got(e.Invoice(e.Context(), id))(e)
	was := inv.State
	inv.State = to
	e.must(e.UpdateInvoice(e.Context(), inv, was, "kim", "to "+string(to)))
	return inv
}

// ids lists a period's documents with their states, sorted as the store lists them.
func (e *env) ids(f store.InvoiceFilter) []string {
	e.Helper()
	list := []string{}
	for _, inv := range got(e.Invoices(e.Context(), f))(e) {
		list = append(list, inv.ID+" "+string(inv.State))
	}
	return list
}

// credit drafts a credit note over all of an invoice, or over an amount of its first line.
func (e *env) credit(s *store.Store, ref, amount string) (billing.Invoice, error) {
	req := billing.CreditRequest{Full: amount == "", Reason: "returned", By: "kim", Now: e.clock.now()}
	if amount != "" {
		part := money.MustParse(amount)
		req.Lines = []billing.CreditLine{{N: 1, Amount: &part}}
	}
	return s.AddCreditNote(e.Context(), ref, func(original billing.Invoice, notes []billing.Invoice) (billing.Invoice, error) {
		return billing.Credit(original, req, notes)
	})
}

// pay records a payment by billing's rules.
func (e *env) pay(s *store.Store, p billing.Payment) (bool, billing.Invoice, error) {
	return s.RecordPayment(e.Context(), p, "kim", func(inv billing.Invoice, credits []billing.Invoice) (billing.Invoice, error) {
		return billing.Pay(inv, p, credits...)
	})
}

func payment(number, amount, reference string) billing.Payment {
	return billing.NewPayment(number, period.MustDate("2026-04-20"), money.MustParse(amount), "EUR", reference)
}
