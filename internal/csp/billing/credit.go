package billing

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// CreditRequest says what of an invoice is credited. Full: all that is left of it.
type CreditRequest struct {
	Full   bool
	Lines  []CreditLine
	Reason string
	By     string
	Now    time.Time
}

// CreditLine credits line N of the original: a quantity of it, an amount of it (both positive, both of the line's
// magnitude), or, with neither, all that is left of it.
type CreditLine struct {
	N        int            `json:"n"`
	Quantity *money.Decimal `json:"quantity,omitempty"`
	Amount   *money.Decimal `json:"amount,omitempty"`
}

// Credit drafts the credit note of an issued invoice. Its lines mirror the original's rule, rate and tax with the sign
// turned, and name the line they correct. Earlier are the credit notes that the invoice already has, drafts included;
// all together never exceed the invoice, line by line. Codes: credit.not_issued, credit.of_credit_note,
// credit.reason_missing, credit.nothing_left, credit.invalid (with every line at fault).
func Credit(original Invoice, req CreditRequest, earlier []Invoice) (Invoice, error) {
	if err := creditable(original, req); err != nil {
		return Invoice{}, err
	}
	left := remaining(original, earlier)
	if req.Full {
		req.Lines = nil
		for i := range original.Lines {
			req.Lines = append(req.Lines, CreditLine{N: original.Lines[i].N})
		}
	}
	var lines []Line
	var faults []errs.Field
	for k, want := range req.Lines {
		line, fault := creditLine(original, want, left, req.Full)
		if fault != "" {
			faults = append(faults, errs.Field{Place: fmt.Sprintf("/lines/%d", k), Code: "credit", Detail: fault})
		} else if !line.Net.IsZero() {
			left[want.N] = left[want.N].less(line)
			lines = append(lines, line)
		}
	}
	if err := errs.Join("credit.invalid", "the credit on "+original.Number+" is not possible", faults); err != nil {
		return Invoice{}, err
	}
	if len(lines) == 0 {
		return Invoice{}, errs.New(errs.Precondition, "credit.nothing_left", "nothing of %s is left to credit", original.Number)
	}
	note := creditNote(original, req, lines, earlier)
	if err := withinInvoice(original, note, earlier); err != nil {
		return Invoice{}, err
	}
	return note, nil
}

// withinInvoice refuses a note that raises the bill (lines below 0 alone), and one that with those before takes back
// more than the invoice's total.
func withinInvoice(original, note Invoice, earlier []Invoice) error {
	left := original.Net.Add(note.Net)
	for i := range earlier {
		if earlier[i].corrects(original) {
			left = left.Add(earlier[i].Net)
		}
	}
	if note.Net.Sign() > 0 || left.Sign() < 0 {
		return errs.New(errs.Precondition, "credit.exceeds_invoice", "%s of %s: all credits stay within its %s",
			note.Net.Neg(), original.Number, original.Net)
	}
	return nil
}

// WithinInvoice refuses to issue a credit note that with the invoice's issued ones takes back more than its total. Code:
// credit.exceeds_invoice.
func WithinInvoice(original, note Invoice, notes []Invoice) error {
	var issued []Invoice
	for i := range notes {
		if notes[i].credits(original) {
			issued = append(issued, notes[i])
		}
	}
	return withinInvoice(original, note, issued)
}

// corrects says whether the document is a credit note of the invoice, drafts included.
func (i Invoice) corrects(original Invoice) bool {
	return i.State != StateVoid && i.Type == TypeCreditNote && i.Corrects != nil && i.Corrects.Number == original.Number
}

// CreditedInFull says whether the issued ones of an invoice's credit notes take all of it back; it is then as if it had
// never been.
func (i Invoice) CreditedInFull(notes []Invoice) bool {
	left, credited := i.Net, false
	for k := range notes {
		if notes[k].credits(i) && notes[k].Mirrors() {
			left, credited = left.Add(notes[k].Net), true
		}
	}
	return credited && left.IsZero()
}

func creditable(i Invoice, req CreditRequest) error {
	switch {
	case i.Type != TypeInvoice:
		return errs.New(errs.Precondition, "credit.of_credit_note", "%s is a credit note itself", i.Name())
	case i.Number == "" || i.State == StateVoid:
		return errs.New(errs.Precondition, "credit.not_issued", "%s is %s: only an issued invoice is credited", i.Name(), i.State)
	case strings.TrimSpace(req.Reason) == "":
		return errs.New(errs.Invalid, "credit.reason_missing", "%s: say why it is credited", i.Name())
	case !req.Full && len(req.Lines) == 0:
		return errs.New(errs.Invalid, "credit.nothing_asked", "%s: name lines, or credit it in full", i.Name())
	}
	return nil
}

// unitAmount is the unit of a credit line that gives back an amount and no units.
const unitAmount = "amount"

// rest is what is left of a line to credit, signed as the line.
type rest struct{ net, quantity, cost money.Decimal }

// less takes a credit line off; its amounts have the opposite sign.
func (r rest) less(l Line) rest {
	if l.Unit == unitAmount {
		l.Quantity = money.Zero
	}
	return rest{r.net.Add(l.Net), r.quantity.Add(l.Quantity), r.cost.Add(l.Cost)}
}

func remaining(original Invoice, earlier []Invoice) map[int]rest {
	left := map[int]rest{}
	for i := range original.Lines {
		l := &original.Lines[i]
		left[l.N] = rest{l.Net, l.Quantity, l.Cost}
	}
	for i := range earlier {
		if !earlier[i].corrects(original) {
			continue
		}
		for k := range earlier[i].Lines {
			if l := earlier[i].Lines[k]; l.CorrectsLine > 0 {
				left[l.CorrectsLine] = left[l.CorrectsLine].less(l)
			} else {
				corrected(left, original, l)
			}
		}
	}
	return left
}

// corrected takes off what a run took back: its lines name the charge, and not the line of the original that billed it.
func corrected(left map[int]rest, original Invoice, l Line) {
	for i := range original.Lines {
		of := &original.Lines[i]
		r := left[of.N]
		n := money.Min(l.Net.Neg(), r.net)
		if n.Sign() <= 0 || keyOf(of) != keyOf(&l) {
			continue
		}
		var part Line
		part, l = l.split(n.Neg())
		left[of.N] = r.less(part)
	}
}

// creditLine makes one line of the note, or says why it cannot be.
func creditLine(original Invoice, want CreditLine, left map[int]rest, full bool) (Line, string) {
	if want.N < 1 || want.N > len(original.Lines) {
		return Line{}, fmt.Sprintf("%s has no line %d", original.Number, want.N)
	}
	of, r := original.Lines[want.N-1], left[want.N]
	if r.net.IsZero() && !full {
		return Line{}, fmt.Sprintf("nothing of line %d is left", want.N)
	}
	share, fault := creditShare(of, want, r, original.Currency)
	if fault != "" {
		return Line{}, fault
	}
	l := of
	l.CorrectsLine, l.CorrectsNumber = of.N, original.Number
	l.Net, l.Quantity, l.Cost = share.net.Neg(), share.quantity.Neg(), share.cost.Neg()
	l.Retail = partOf(of.Retail, l.Net.Neg(), of.Net).Neg()
	if of.Exchange != nil {
		x := *of.Exchange
		x.Amount = partOf(x.Amount, l.Net.Neg(), of.Net).Neg()
		l.Exchange = &x
	}
	if want.Amount != nil && share.cost.IsZero() {
		l.Unit = unitAmount
	}
	l.present(original.Currency)
	return l, ""
}

// partOf is the part of a line's other amount that belongs to net of the line's whole.
func partOf(amount, net, whole money.Decimal) money.Decimal {
	if net.Equal(whole) {
		return amount
	}
	part, _ := amount.MulExact(net).QuoRound(whole, money.HalfUp, 12) // not 0 where a part of it is credited
	return part
}

// creditShare is the part of a line that is credited, signed as the line.
func creditShare(of Line, want CreditLine, r rest, c money.Currency) (rest, string) {
	sign := money.FromInt(int64(of.Net.Sign()))
	switch {
	case want.Quantity != nil && want.Amount != nil:
		return rest{}, "a quantity or an amount, not both"
	case want.Quantity != nil:
		q := want.Quantity.MulExact(sign)
		if want.Quantity.Sign() <= 0 || r.quantity.Abs().Less(*want.Quantity) {
			return rest{}, fmt.Sprintf("quantity %s: %s of line %d is left", want.Quantity, r.quantity.Abs(), of.N)
		}
		if q.Equal(r.quantity) {
			return r, ""
		}
		net, _ := of.Net.MulExact(q).QuoRound(of.Quantity, money.HalfUp, c.MinorUnits()) // not 0, the line has an amount
		cost, _ := of.Cost.MulExact(q).QuoRound(of.Quantity, money.HalfUp, 2)
		return rest{capped(net, r.net), q, cost}, ""
	case want.Amount != nil:
		a := *want.Amount
		if a.Sign() <= 0 || r.net.Abs().Less(a) {
			return rest{}, fmt.Sprintf("amount %s: %s of line %d is left", a, r.net.Abs(), of.N)
		}
		if !a.Round(money.HalfUp, c.MinorUnits()).Equal(a) {
			return rest{}, fmt.Sprintf("amount %s has more decimals than %s knows", a, c)
		}
		if a.Equal(r.net.Abs()) {
			return r, ""
		}
		return rest{a.MulExact(sign), sign, money.Zero}, "" // a price reduction: the cost stays
	}
	return r, ""
}

// capped keeps rounding from crediting more than is left.
func capped(net, left money.Decimal) money.Decimal {
	if left.Abs().Less(net.Abs()) {
		return left
	}
	return net
}

// creditNote builds the document around its lines.
func creditNote(original Invoice, req CreditRequest, lines []Line, earlier []Invoice) Invoice {
	note := original
	note.ID = id.Hash("inv", "credit", original.ID, strconv.Itoa(len(earlier)), req.Now.UTC().Format(time.RFC3339Nano))
	note.Type, note.State, note.Number, note.ContentHash = TypeCreditNote, StateDraft, "", ""
	note.IssuedOn, note.DueOn, note.IssuedAt = period.Date{}, period.Date{}, time.Time{}
	note.Paid, note.ApprovedBy, note.DraftedBy, note.CreatedAt = money.Zero, "", req.By, req.Now
	note.Corrects, note.Reason = &Reference{original.Number, original.IssuedOn}, req.Reason
	note.Usage, note.Lines = nil, lines
	for n := range note.Lines {
		note.Lines[n].N = n + 1
	}
	note.ServiceFrom, note.ServiceTo = spanOf(note.Lines, note.Period)
	note.Taxes = Subtotals(note.Lines, note.Currency, reasonsOf(original.Taxes))
	capTaxes(&note, original, earlier)
	note.total()
	return note
}

// capTaxes keeps the cents of several partial credits from taking back more tax than the invoice charged.
func capTaxes(note *Invoice, original Invoice, earlier []Invoice) {
	left := map[taxKey]TaxSubtotal{}
	for _, t := range original.Taxes {
		left[keyOfTax(t.Category, t.Rate)] = t
	}
	for i := range earlier {
		if !earlier[i].corrects(original) {
			continue
		}
		for _, t := range earlier[i].Taxes {
			key := keyOfTax(t.Category, t.Rate)
			rest := left[key]
			rest.Base, rest.Amount = rest.Base.Add(t.Base), rest.Amount.Add(t.Amount)
			left[key] = rest
		}
	}
	for k := range note.Taxes {
		t := &note.Taxes[k]
		rest := left[keyOfTax(t.Category, t.Rate)]
		part := t.Base.Abs().Cmp(rest.Base.Abs()) <= 0
		if last := rest.Base.Add(t.Base).IsZero(); last || part && rest.Amount.Abs().Less(t.Amount.Abs()) {
			t.Amount = exactly(rest.Amount.Neg(), note.Currency)
		}
	}
}
