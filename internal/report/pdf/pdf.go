// Package pdf draws an invoice or a credit note as a PDF document for a customer. It owns the layout and the fonts and
// decides nothing about amounts: every figure is printed as the document holds it. The only floats are lengths on
// paper. Invariants: the same document gives the same bytes, and nothing that belongs to the partner alone (cost,
// retail, rules, charge ids) is ever drawn.
package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// Options are a seller's wishes. The zero value draws with the embedded fonts (Latin, Greek, Cyrillic, Japanese).
type Options struct {
	Fonts [][]byte // further TrueType fonts, for scripts that the embedded ones lack, asked in order
}

// Document is a drawn document. Warnings name what could not be shown as given: characters that no font has, a logo
// that is no picture.
type Document struct {
	Bytes    []byte
	Pages    int
	Warnings []string
}

// Render draws the document. It refuses (errs.Invalid, "font.unreadable") a font that is not TrueType; a document is
// never refused, so that a draft with gaps can be looked at.
func Render(inv *billing.Invoice, opts Options) (Document, error) {
	faces, err := newFaces(opts.Fonts)
	if err != nil {
		return Document{}, err
	}
	c := newCanvas(faces, inv)
	c.letterhead()
	c.lines()
	c.summary()
	c.details()
	c.usage()
	c.footers()
	var out bytes.Buffer
	if err := c.pdf.Output(&out); err != nil {
		return Document{}, fmt.Errorf("write PDF of invoice %s: %w", inv.ID, err)
	}
	return Document{Bytes: out.Bytes(), Pages: c.pdf.PageCount(), Warnings: c.warnings()}, nil
}

// newPDF opens an A4 document measured in points, whose bytes depend on the invoice alone.
func newPDF(inv *billing.Invoice) *fpdf.Fpdf {
	p := fpdf.New("P", "pt", "A4", "")
	p.SetCatalogSort(true)
	at := stamp(inv)
	p.SetCreationDate(at)
	p.SetModificationDate(at)
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.SetCompression(true)
	p.SetTitle(clean(title(inv)+" "+inv.Number), true)
	p.SetAuthor(clean(inv.Seller.Name), true)
	p.SetSubject(clean(inv.Buyer.Name+" "+inv.Period.String()), true)
	p.SetProducer("Chandler", true)
	p.SetLang("en")
	return p
}

// stamp is the instant that the file carries: when the document was issued, else when it was made, else a fixed one.
func stamp(inv *billing.Invoice) time.Time {
	switch {
	case !inv.IssuedAt.IsZero():
		return inv.IssuedAt.UTC()
	case !inv.IssuedOn.IsZero():
		return inv.IssuedOn.Time()
	case !inv.CreatedAt.IsZero():
		return inv.CreatedAt.UTC()
	default:
		return time.Unix(0, 0).UTC()
	}
}

// title is what the document calls itself.
func title(inv *billing.Invoice) string {
	if inv.Type == billing.TypeCreditNote {
		return "Credit note"
	}
	return "Invoice"
}

// labels are the words that say that a document is not a demand to pay, in capitals.
func labels(inv *billing.Invoice) []string {
	var out []string
	if inv.Estimate {
		out = append(out, "ESTIMATE")
	}
	switch inv.State {
	case billing.StateIssued, billing.StatePaid, billing.StateOverdue:
	case billing.StateVoid:
		out = append(out, "VOID")
	default:
		out = append(out, "DRAFT")
	}
	return out
}
