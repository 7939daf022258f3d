package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
	"github.com/chandler-csp/chandler/internal/report/ubl"
)

// CreditRequest says what to credit; no lines is the whole invoice.
type CreditRequest struct {
	Lines  []CreditLine
	Reason string
}

// CreditLine credits line N; a nil amount is all that is left of it.
type CreditLine struct {
	N      int
	Amount *money.Decimal
}

// Credit drafts a credit note over an issued invoice, at the original's own rules, rates and taxes.
func (a *App) Credit(ctx context.Context, ref string, req CreditRequest) (InvoiceRow, error) {
	r := billing.CreditRequest{Full: len(req.Lines) == 0, Reason: req.Reason, By: owner, Now: a.opts.Now()}
	for _, l := range req.Lines {
		r.Lines = append(r.Lines, billing.CreditLine{N: l.N, Amount: l.Amount})
	}
	note, err := a.store.AddCreditNote(ctx, ref, func(original billing.Invoice, notes []billing.Invoice) (billing.Invoice, error) {
		return billing.Credit(original, r, notes)
	})
	if err != nil {
		return InvoiceRow{}, err
	}
	return rowOf(&note, nil, a.today()), nil
}

// withinOriginal refuses to issue a credit note that with those before takes back more than its invoice's total: two
// drafts may each have fitted by themselves.
func (a *App) withinOriginal(ctx context.Context, note billing.Invoice) error {
	if note.Corrects == nil || note.Number != "" {
		return nil
	}
	original, err := a.store.Invoice(ctx, note.Corrects.Number)
	if err != nil {
		return err
	}
	credits, err := a.creditsOf(ctx, original)
	if err != nil {
		return err
	}
	return billing.WithinInvoice(original, note, credits)
}

// Pay records a payment of an issued document; a nil amount is all that is open, no day is today.
func (a *App) Pay(ctx context.Context, ref string, amount *money.Decimal, on period.Date, reference string) (InvoiceRow, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return InvoiceRow{}, err
	}
	if amount == nil {
		credits, err := a.creditsOf(ctx, inv)
		if err != nil {
			return InvoiceRow{}, err
		}
		open := inv.Open(credits...)
		amount = &open
	}
	if on.IsZero() {
		on = a.today()
	}
	_, paid, err := a.store.RecordPayment(ctx, billing.NewPayment(inv.Number, on, *amount, inv.Currency, reference), owner,
		func(current billing.Invoice, credits []billing.Invoice) (billing.Invoice, error) {
			return billing.Pay(current, billing.NewPayment(current.Number, on, *amount, inv.Currency, reference), credits...)
		})
	if err != nil {
		return InvoiceRow{}, err
	}
	return rowOf(&paid, nil, a.today()), nil
}

// PaymentsReport is what an import of payments did.
type PaymentsReport struct {
	Recorded int `json:"recorded"`
	Known    int `json:"known"`
}

// ImportPayments records the payments of a CSV file. Every payment is tried against its invoice first; with any fault
// none is recorded. A payment that is known already is not applied again.
func (a *App) ImportPayments(ctx context.Context, path string) (PaymentsReport, error) {
	var r PaymentsReport
	f, err := os.Open(path)
	if err != nil {
		return r, errs.New(errs.Invalid, "file.unreadable", "%s cannot be read: %w", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	payments, err := billing.ParsePayments(f, filepath.Base(path))
	if err != nil {
		return r, err
	}
	if err := a.checkPayments(ctx, filepath.Base(path), payments); err != nil {
		return r, err
	}
	for _, p := range payments {
		recorded, _, err := a.store.RecordPayment(ctx, p, owner, func(inv billing.Invoice, credits []billing.Invoice) (billing.Invoice, error) {
			return billing.Pay(inv, p, credits...)
		})
		if err != nil {
			return r, err
		}
		if recorded {
			r.Recorded++
		} else {
			r.Known++
		}
	}
	return r, nil
}

// checkPayments applies the file's payments to copies of their invoices, so that every fault is told before any is kept.
func (a *App) checkPayments(ctx context.Context, file string, payments []billing.Payment) error {
	var faults []errs.Field
	invoices, credits := map[string]billing.Invoice{}, map[string][]billing.Invoice{}
	for _, p := range payments {
		known, err := a.paymentKnown(ctx, p)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		inv, ok := invoices[p.InvoiceNumber]
		if !ok {
			inv, err = a.store.Invoice(ctx, p.InvoiceNumber)
			if err != nil && !errors.Is(err, errs.NotFound) {
				return err
			}
			if err != nil {
				faults = append(faults, errs.Field{Place: fmt.Sprintf("%s:%d", file, p.Line), Code: errs.CodeOf(err), Detail: err.Error()})
				continue
			}
			if credits[p.InvoiceNumber], err = a.creditsOf(ctx, inv); err != nil {
				return err
			}
		}
		paid, err := billing.Pay(inv, p, credits[p.InvoiceNumber]...)
		if err != nil {
			faults = append(faults, errs.Field{Place: fmt.Sprintf("%s:%d", file, p.Line), Code: errs.CodeOf(err), Detail: err.Error()})
			continue
		}
		invoices[p.InvoiceNumber] = paid
	}
	return errs.Join("payments.refused", "no payment of "+file+" is recorded", faults)
}

func (a *App) paymentKnown(ctx context.Context, p billing.Payment) (bool, error) {
	list, err := a.store.Payments(ctx, p.InvoiceNumber)
	if err != nil {
		return false, err
	}
	for _, k := range list {
		if k.ID == p.ID {
			return true, nil
		}
	}
	return false, nil
}

// File is a rendered document.
type File struct {
	Name     string
	Data     []byte
	Warnings []string
}

// presentable is a document as it is shown: an issued one as it was on the day of issue, whatever was paid since, so that
// its files keep their bytes; another one with today's seller and customer data.
func (a *App) presentable(ctx context.Context, inv billing.Invoice) (billing.Invoice, error) {
	if inv.Number != "" {
		return asIssued(inv), nil
	}
	if inv.State == billing.StateVoid {
		return inv, nil
	}
	fresh, _, err := a.refreshed(ctx, inv)
	return fresh, err
}

// ExportInvoices renders invoices in a format: those named, or all of a month that are not void.
func (a *App) ExportInvoices(ctx context.Context, refs []string, p period.Month, format string) ([]File, error) {
	if len(refs) == 0 {
		rows, err := a.Invoices(ctx, InvoiceFilter{Period: p})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.State != billing.StateVoid {
				refs = append(refs, r.ID)
			}
		}
	}
	var files []File
	for _, ref := range refs {
		inv, err := a.store.Invoice(ctx, ref)
		if err != nil {
			return nil, err
		}
		if inv, err = a.presentable(ctx, inv); err != nil {
			return nil, err
		}
		f := report.Format(format)
		out, err := report.RenderWith(f, inv, report.Options{})
		if err != nil {
			return nil, err
		}
		if f == report.UBL {
			for _, g := range ubl.Gaps(inv) {
				out.Warnings = append(out.Warnings, "no valid e-invoice: "+g.Place+": "+g.Detail)
			}
		}
		files = append(files, File{Name: inv.Name() + f.Extension(), Data: out.Bytes, Warnings: out.Warnings})
	}
	return files, nil
}
