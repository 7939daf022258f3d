package store

import (
	"context"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// InvoiceEvent is a change of a document's state: when, by whom and why.
type InvoiceEvent struct {
	From   billing.State `json:"from"`
	To     billing.State `json:"to"`
	At     time.Time     `json:"at"`
	By     string        `json:"by"`
	Reason string        `json:"reason"`
}

// InvoiceEvents is a document's history, oldest first. Drafting is not in it: the document says when and by whom.
func (r reads) InvoiceEvents(ctx context.Context, invoiceID string) ([]InvoiceEvent, error) {
	rows, err := r.q.Events(ctx, toText(invoiceID))
	if err != nil {
		return nil, doing(err, "read the history of %s", invoiceID)
	}
	list := make([]InvoiceEvent, len(rows))
	for i, row := range rows {
		list[i] = InvoiceEvent{billing.State(row.FromState), billing.State(row.ToState), fromMicros(row.At), row.Who, row.Reason}
	}
	return list, nil
}

// UpdateInvoice keeps a changed document that is not issued. It must still be in the state that it was read in (code
// invoice.changed). To issue it is IssueInvoice's. A void document gives back the balances that it had carried on.
func (s *Store) UpdateInvoice(ctx context.Context, inv billing.Invoice, was billing.State, by, reason string) error {
	err := s.inTx(ctx, func(t *tx) error {
		current, fingerprint, err := t.lock(ctx, inv.ID)
		if err != nil {
			return err
		}
		switch {
		case current.Number != "" || inv.Number != "":
			return errs.New(errs.Precondition, "invoice.issued", "%s is issued and stays as it is: credit it instead", current.Name())
		case current.State != was:
			return errs.New(errs.Conflict, "invoice.changed", "%s is %s by now; look at it again", current.Name(), current.State)
		}
		if err := t.rewrite(ctx, current, inv, fingerprint); err != nil {
			return err
		}
		if inv.State == billing.StateVoid {
			if err := t.q.ReleaseBalancesOfInvoice(ctx, inv.ID); err != nil {
				return err
			}
		}
		return t.event(ctx, inv, was, by, reason)
	})
	return doing(err, "change %s", inv.ID)
}

// lock reads a document that nobody else can change until the transaction ends.
func (t *tx) lock(ctx context.Context, id string) (billing.Invoice, string, error) {
	if _, err := t.q.LockInvoice(ctx, toText(id)); err != nil {
		return billing.Invoice{}, "", err
	}
	return t.whole(ctx, toText(id))
}

// rewrite replaces the content of a document that is not issued. What it is of (run, period) stays.
func (t *tx) rewrite(ctx context.Context, was, inv billing.Invoice, fingerprint string) error {
	if inv.ID != was.ID || inv.Period != was.Period || inv.RunID != was.RunID || inv.Estimate != was.Estimate {
		return errs.New(errs.Invalid, "invoice.other_document", "%s became a document of another run or period", was.Name())
	}
	d, err := toDocument(inv)
	if err != nil {
		return err
	}
	if err := t.removeContent(ctx, inv.ID); err != nil {
		return err
	}
	row := toRowInvoice(inv, d, false)
	n, err := t.q.UpdateUnissued(ctx, dbq.UpdateUnissuedParams{
		Number: toText(inv.Number), Type: row.Type, State: row.State, CustomerID: row.CustomerID, TenantID: row.TenantID,
		BuyerName: row.BuyerName, SortName: row.SortName, Currency: row.Currency, Net: row.Net, Tax: row.Tax, Gross: row.Gross,
		IssuedOn: inv.IssuedOn.String(), DueOn: inv.DueOn.String(), Corrects: row.Corrects, IssuedAt: toMicros(inv.IssuedAt),
		Fingerprint: d.fingerprint, LogoSHA256: d.logoSHA256, Body: d.body,
		ID: row.ID, WasState: string(was.State), WasFingerprint: fingerprint,
	})
	switch {
	case isUnique(err):
		return errs.New(errs.Conflict, "invoice.number_taken", "the number %s was given already: set another series", inv.Number)
	case err != nil:
		return err
	case n == 0: // void, or issued: the statement itself refuses those
		return errs.New(errs.Precondition, "invoice.wrong_state", "%s is %s and is not changed any more", was.Name(), was.State)
	}
	return t.addContent(ctx, inv.ID, d)
}

func (t *tx) removeContent(ctx context.Context, id string) error {
	if err := t.q.RemoveLines(ctx, id); err != nil {
		return err
	}
	return t.q.RemoveCorrections(ctx, id)
}

// addContent adds what is kept beside the row.
func (t *tx) addContent(ctx context.Context, id string, d document) error {
	if d.logoSHA256 != "" {
		if err := t.q.AddAsset(ctx, dbq.AddAssetParams{SHA256: d.logoSHA256, Body: d.logo}); err != nil {
			return err
		}
	}
	for i, body := range d.lines {
		if err := t.q.AddLines(ctx, dbq.AddLinesParams{InvoiceID: id, Part: int64(i), Body: body}); err != nil {
			return err
		}
	}
	for _, p := range d.corrects {
		if err := t.q.AddCorrection(ctx, dbq.AddCorrectionParams{InvoiceID: id, Period: p}); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) addInvoice(ctx context.Context, inv billing.Invoice, byHand bool) error {
	if inv.Number != "" || inv.State != billing.StateDraft {
		return errs.New(errs.Invalid, "invoice.not_draft", "%s begins as a draft", inv.Name())
	}
	d, err := toDocument(inv)
	if err != nil {
		return err
	}
	if err := t.q.AddInvoice(ctx, toRowInvoice(inv, d, byHand)); err != nil {
		if isUnique(err) {
			return errs.New(errs.Conflict, "invoice.exists", "%s exists already", inv.ID)
		}
		return err
	}
	return t.addContent(ctx, inv.ID, d)
}

func (t *tx) event(ctx context.Context, inv billing.Invoice, was billing.State, by, reason string) error {
	return t.q.AddEvent(ctx, dbq.AddEventParams{
		InvoiceID: inv.ID, FromState: string(was), ToState: string(inv.State), At: toMicros(t.now), Who: toText(by), Reason: toText(reason),
	})
}
