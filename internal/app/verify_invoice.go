package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
	"github.com/chandler-csp/chandler/internal/store"
)

// VerifyInvoice rechecks a document: that no byte of it was changed where it is kept; that its run is as it was signed;
// that lines and usage follow from what the run recorded when the month is done again; that taxes, totals and payments
// add up; and that every rendering has the bytes that were issued.
func (a *App) VerifyInvoice(ctx context.Context, ref string) (Verification, error) {
	v := &Verification{Subject: ref, Checks: []string{}, Faults: []string{}}
	inv, err := a.store.Invoice(ctx, ref)
	if errors.Is(err, errs.NotFound) || ctx.Err() != nil {
		return *v, err
	}
	if err != nil {
		v.check(false, "", "the document cannot be read: %v", err)
		return v.done(), nil
	}
	v.Subject = inv.Name()
	for _, check := range []func(context.Context, *Verification, billing.Invoice) error{
		a.checkKept, a.checkOrigin, a.checkMoney, a.checkRenderings,
	} {
		if err := check(ctx, v, inv); err != nil {
			return *v, err
		}
	}
	return v.done(), nil
}

// checkKept holds the document's bytes against its seals, and what lists show of it against the document itself.
func (a *App) checkKept(ctx context.Context, v *Verification, inv billing.Invoice) error {
	kept, now, err := a.store.Fingerprints(ctx, inv.ID)
	if err != nil {
		return err
	}
	v.check(kept == now, "the stored document", "the stored document was changed")
	if inv.Number != "" {
		v.check(inv.Hash() == inv.ContentHash, "content hash", "the stored document is not the one that was issued")
	}
	list, err := a.store.Invoices(ctx, store.InvoiceFilter{Period: inv.Period})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(h billing.Invoice) bool { return h.ID == inv.ID })
	v.check(i >= 0 && sameHead(list[i], inv), "what lists show of it", "lists show something else than the document says")
	return nil
}

func sameHead(h, inv billing.Invoice) bool {
	corrects := func(i billing.Invoice) string {
		if i.Corrects == nil {
			return ""
		}
		return i.Corrects.Number
	}
	return h.Number == inv.Number && h.Type == inv.Type && h.State == inv.State && h.Period == inv.Period && h.RunID == inv.RunID &&
		h.Estimate == inv.Estimate && h.CustomerID == inv.CustomerID && h.TenantID == inv.TenantID && h.Buyer.Name == inv.Buyer.Name &&
		h.Currency == inv.Currency && h.Net.Equal(inv.Net) && h.Tax.Equal(inv.Tax) && h.Gross.Equal(inv.Gross) &&
		h.IssuedOn == inv.IssuedOn && h.DueOn == inv.DueOn && corrects(h) == corrects(inv)
}

// checkOrigin holds the document against its run, done again; a credit that a person asked for against its original,
// whose run is then checked.
func (a *App) checkOrigin(ctx context.Context, v *Verification, inv billing.Invoice) error {
	run, err := a.store.Run(ctx, inv.RunID)
	if errors.Is(err, errs.NotFound) {
		v.check(false, "", "its run %s is gone", inv.RunID)
		return nil
	}
	if err != nil {
		return err
	}
	s, ok := a.checkRun(ctx, v, run)
	if !ok {
		return nil
	}
	if err := a.checkRules(ctx, v, s.rules); err != nil {
		return err
	}
	if inv.Mirrors() {
		return a.checkMirror(ctx, v, inv)
	}
	again, err := a.replay(ctx, s)
	if err != nil {
		v.check(false, "", "the month cannot be done again: %v", err)
		return nil
	}
	drafts, _, _ := again.documents(nil, inv.DraftedBy, inv.CreatedAt)
	i := slices.IndexFunc(drafts, func(d billing.Invoice) bool { return d.ID == inv.ID })
	if i < 0 {
		v.check(false, "", "its run, done again, makes no such document")
		return nil
	}
	v.check(bytes.Equal(content(inv), content(drafts[i])), fmt.Sprintf("%d lines follow from the run's snapshot, byte by byte", len(inv.Lines)),
		"done again, its lines are other ones")
	return nil
}

// content is what of a document follows from its run: what it is, its lines and its usage; not its taxes, which may be
// known only at issue.
func content(inv billing.Invoice) []byte {
	lines := slices.Clone(inv.Lines)
	for i := range lines {
		lines[i].Tax, lines[i].TaxRate = "", money.Zero
	}
	b, _ := json.Marshal([]any{inv.Type, inv.Period, inv.Currency, inv.CustomerID, inv.Estimate, inv.ServiceFrom, inv.ServiceTo, lines, inv.Usage}) // what was kept as JSON marshals
	return b
}

// checkMirror holds a credit that a person asked for against the invoice that it credits.
func (a *App) checkMirror(ctx context.Context, v *Verification, inv billing.Invoice) error {
	original, err := a.store.Invoice(ctx, inv.Corrects.Number)
	if err != nil {
		v.check(false, "", "the invoice that it credits cannot be read: %v", err)
		return ctx.Err()
	}
	for _, l := range inv.Lines {
		i := slices.IndexFunc(original.Lines, func(o billing.Line) bool { return o.N == l.CorrectsLine })
		v.check(i >= 0 && mirrors(l, original.Lines[i]), fmt.Sprintf("line %d mirrors line %d of %s", l.N, l.CorrectsLine, original.Number),
			"line %d does not mirror its original", l.N)
	}
	return nil
}

func mirrors(l, of billing.Line) bool {
	return l.Net.Abs().Cmp(of.Net.Abs()) <= 0 && l.Net.Sign() == -of.Net.Sign() && l.RuleID == of.RuleID && l.RuleVersion == of.RuleVersion &&
		l.Tax == of.Tax && l.TaxRate.Equal(of.TaxRate) && l.Category == of.Category
}

// checkMoney adds up taxes, totals and payments.
func (a *App) checkMoney(ctx context.Context, v *Verification, inv billing.Invoice) error {
	v.check(addsUp(inv), "lines, taxes and totals add up", "lines, taxes and totals do not add up to %s", inv.Gross)
	if inv.Number == "" {
		return nil
	}
	payments, err := a.store.Payments(ctx, inv.Number)
	if err != nil {
		return err
	}
	paid := total(payments, func(p billing.Payment) money.Decimal { return p.Amount })
	v.check(paid.Equal(inv.Paid), fmt.Sprintf("%d payments", len(payments)), "payments sum to %s, the document says %s", paid, inv.Paid)
	credits, err := a.creditsOf(ctx, inv)
	if err != nil {
		return err
	}
	open := inv.Open(credits...)
	v.check(inv.State != billing.StatePaid || open.IsZero(), "its state", "it is paid, and %s is open", open)
	return nil
}

// addsUp sums lines and subtotals. The taxes of a credit note may be a cent apart from its rates, so that several of
// them take back what was charged.
func addsUp(inv billing.Invoice) bool {
	net := total(inv.Lines, func(l billing.Line) money.Decimal { return l.Net })
	base := total(inv.Taxes, func(t billing.TaxSubtotal) money.Decimal { return t.Base })
	tax := total(inv.Taxes, func(t billing.TaxSubtotal) money.Decimal { return t.Amount })
	if !net.Equal(inv.Net) || !base.Equal(inv.Net) || !tax.Equal(inv.Tax) || !inv.Gross.Equal(inv.Net.Add(inv.Tax)) {
		return false
	}
	again := billing.Subtotals(inv.Lines, inv.Currency, nil)
	return len(again) == len(inv.Taxes) && !slices.ContainsFunc(inv.Taxes, func(t billing.TaxSubtotal) bool {
		return !slices.ContainsFunc(again, func(o billing.TaxSubtotal) bool {
			return o.Category == t.Category && o.Rate.Equal(t.Rate) && o.Base.Equal(t.Base) && (inv.Corrects != nil || o.Amount.Equal(t.Amount))
		})
	})
}

// checkRenderings makes every format again and compares its hash with that of the day of issue.
func (a *App) checkRenderings(ctx context.Context, v *Verification, inv billing.Invoice) error {
	if inv.Number == "" {
		return nil
	}
	kept, err := a.store.Renderings(ctx, inv.ID)
	if err != nil {
		return err
	}
	for _, f := range report.Formats() {
		b, err := report.Render(f, asIssued(inv))
		v.check(err == nil && hashOf(b) == kept[string(f)], string(f)+" has the bytes that were issued", "%s has other bytes than those that were issued", f)
	}
	return nil
}
