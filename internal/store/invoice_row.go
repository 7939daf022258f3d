package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// linesInPart is how many lines are kept together.
const linesInPart = 200

// document is an invoice as it is kept: its body without what has a place of its own (state, payments, logo, lines),
// the parts of its lines, and a fingerprint over them, which tells whether anything but state and payments changed.
type document struct {
	body        string
	lines       []string
	corrects    []string // earlier periods of correction lines
	logo        []byte
	logoSHA256  string
	fingerprint string
}

func toDocument(inv billing.Invoice) (document, error) {
	d := document{logo: inv.Logo, corrects: corrections(inv.Lines)}
	for part := range slices.Chunk(inv.Lines, linesInPart) {
		body, err := toBody(part)
		if err != nil {
			return d, err
		}
		d.lines = append(d.lines, body)
	}
	if len(inv.Logo) > 0 {
		sum := sha256.Sum256(inv.Logo)
		d.logoSHA256 = hex.EncodeToString(sum[:])
	}
	inv.State, inv.Paid, inv.Logo, inv.Lines = "", money.Zero, nil, inv.Lines[:0]
	var err error
	if d.body, err = toBody(inv); err != nil {
		return d, err
	}
	d.fingerprint = sealed(d.lines, d.body, d.logo)
	return d, nil
}

// corrections are the earlier periods that lines correct, each once.
func corrections(lines []billing.Line) []string {
	var list []string
	for i := range lines {
		if l := &lines[i]; l.Kind == billing.KindCorrection && !l.CorrectsPeriod.IsZero() {
			if p := l.CorrectsPeriod.String(); !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

func toRowInvoice(inv billing.Invoice, d document, byHand bool) dbq.AddInvoiceParams {
	return dbq.AddInvoiceParams{
		ID: toText(inv.ID), Type: string(inv.Type), State: string(inv.State), Period: inv.Period.String(), RunID: toText(inv.RunID),
		Estimate: inv.Estimate, ByHand: byHand, CustomerID: toText(inv.CustomerID), TenantID: toText(inv.TenantID),
		BuyerName: toText(inv.Buyer.Name), SortName: toSortName(inv.Buyer.Name), Currency: string(inv.Currency),
		Net: inv.Net.String(), Tax: inv.Tax.String(), Gross: inv.Gross.String(), Paid: inv.Paid.String(),
		Corrects: corrected(inv), CreatedAt: toMicros(inv.CreatedAt), Fingerprint: d.fingerprint, LogoSHA256: d.logoSHA256, Body: d.body,
	}
}

// corrected is the number of the document that a credit note corrects.
func corrected(inv billing.Invoice) string {
	if inv.Corrects == nil {
		return ""
	}
	return toText(inv.Corrects.Number)
}

// fromRowInvoice reads a body; lines and logo are the caller's to fill in.
func fromRowInvoice(row dbq.InvoiceBodyRow) (billing.Invoice, error) {
	var inv billing.Invoice
	if err := fromBody(row.Body, &inv); err != nil {
		return inv, fmt.Errorf("document %s: %w", row.ID, err)
	}
	var from fromText
	inv.State, inv.Paid = billing.State(row.State), from.decimal(row.Paid)
	return inv, from.err
}

// addPart appends a part of its lines to a document.
func addPart(inv *billing.Invoice, body string) error {
	var lines []billing.Line
	if err := fromBody(body, &lines); err != nil {
		return fmt.Errorf("lines of %s from %d: %w", inv.ID, len(inv.Lines)+1, err)
	}
	inv.Lines = append(inv.Lines, lines...)
	return nil
}

// fromRowHead reads what lists show of a document.
func fromRowHead(row dbq.InvoicesRow) (billing.Invoice, error) {
	var from fromText
	inv := billing.Invoice{
		ID: row.ID, Number: row.Number, Type: billing.Type(row.Type), State: billing.State(row.State), Period: from.month(row.Period),
		RunID: row.RunID, Estimate: row.Estimate, CustomerID: row.CustomerID, TenantID: row.TenantID, Buyer: billing.Party{Name: row.BuyerName},
		Currency: money.Currency(row.Currency), Net: from.decimal(row.Net), Tax: from.decimal(row.Tax), Gross: from.decimal(row.Gross),
		Paid: from.decimal(row.Paid), IssuedOn: from.date(row.IssuedOn), DueOn: from.date(row.DueOn),
		CreatedAt: fromMicros(row.CreatedAt), IssuedAt: fromMicros(row.IssuedAt),
	}
	if row.Corrects != "" {
		inv.Corrects = &billing.Reference{Number: row.Corrects}
	}
	return inv, from.err
}
