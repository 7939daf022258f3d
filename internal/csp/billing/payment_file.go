package billing

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// maxPayments is how many rows a payment file may have.
const maxPayments = 1_000_000

// maxFaults is how many faults of one file are told; a file with more is the wrong file.
const maxFaults = 100

// paymentColumns are the columns of a payment file, in any order; reference may be missing.
var paymentColumns = []string{"invoice", "date", "amount", "currency", "reference"}

// paymentAliases are other spellings of the columns, lower case and without spaces or underscores.
var paymentAliases = map[string]string{
	"invoice": "invoice", "invoicenumber": "invoice", "number": "invoice", "date": "date", "paidon": "date",
	"amount": "amount", "currency": "currency", "reference": "reference",
}

// ParsePayments reads a CSV file of payments with the columns invoice (or invoice number), date (YYYY-MM-DD), amount
// (decimal point), currency and reference. Every fault is reported with file, line and column, and on any nothing is
// returned (code payment.file). Two equal rows are a fault too: a payment made twice needs two references.
func ParsePayments(r io.Reader, file string) ([]Payment, error) {
	p := paymentParser{file: file, seen: map[string]int{}}
	rows := csv.NewReader(r)
	rows.FieldsPerRecord, rows.TrimLeadingSpace = -1, true
	header, err := rows.Read()
	if err != nil {
		return nil, errs.New(errs.Invalid, "payment.file", "%s: no header line", file)
	}
	p.columns(header)
	for len(p.faults) == 0 || p.width > 0 {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(p.payments) >= maxPayments || len(p.faults) >= maxFaults {
			p.fault(p.line+1, 1, "limit", "too many rows or faults; the rest was not read")
			break
		}
		if err != nil {
			p.fault(p.line+1, 1, "syntax", err.Error())
			break
		}
		p.line, _ = rows.FieldPos(0)
		p.row(record)
	}
	if err := errs.Join("payment.file", file+" is not a valid payment file", p.faults); err != nil {
		return nil, err
	}
	return p.payments, nil
}

type paymentParser struct {
	file     string
	width    int            // columns of the header; 0: the header is at fault and rows cannot be read
	at       map[string]int // column by name
	line     int
	payments []Payment
	seen     map[string]int
	faults   []errs.Field
}

func (p *paymentParser) fault(line, column int, code, detail string) {
	p.faults = append(p.faults, errs.Field{
		Place: fmt.Sprintf("%s:%d:%d", p.file, line, column), Code: errs.Code(code), Detail: detail,
	})
}

func (p *paymentParser) columns(header []string) {
	p.at, p.line = map[string]int{}, 1
	simple := strings.NewReplacer(" ", "", "_", "", "-", "", "\ufeff", "")
	for i, name := range header {
		column, ok := paymentAliases[strings.ToLower(simple.Replace(name))]
		_, twice := p.at[column]
		switch {
		case !ok:
			p.fault(1, i+1, "unknown", fmt.Sprintf("unknown column %q", name))
		case twice:
			p.fault(1, i+1, "duplicate", fmt.Sprintf("column %s stands twice", column))
		default:
			p.at[column] = i
		}
	}
	for _, name := range paymentColumns[:4] {
		if _, ok := p.at[name]; !ok {
			p.fault(1, 1, "required", "column "+name+" is missing")
		}
	}
	if len(p.faults) == 0 {
		p.width = len(header)
	}
}

func (p *paymentParser) row(record []string) {
	if len(record) != p.width {
		p.fault(p.line, 1, "columns", fmt.Sprintf("%d columns, the header has %d", len(record), p.width))
		return
	}
	before := len(p.faults)
	cell := func(name string) string {
		if i, ok := p.at[name]; ok {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	bad := func(name, detail string) { p.fault(p.line, p.at[name]+1, "value", detail) }
	number := cell("invoice")
	if number == "" {
		bad("invoice", "no invoice number")
	}
	on, err := period.ParseDate(cell("date"))
	if err != nil || on.IsZero() {
		bad("date", fmt.Sprintf("%q: want YYYY-MM-DD", cell("date")))
	}
	amount, err := money.Parse(cell("amount"))
	if err != nil || amount.IsZero() {
		bad("amount", fmt.Sprintf("%q: want an amount with a decimal point, not 0", cell("amount")))
	}
	currency := money.Currency(strings.ToUpper(cell("currency")))
	if !currency.Valid() {
		bad("currency", fmt.Sprintf("%q is not a currency code", cell("currency")))
	}
	if len(p.faults) > before {
		return
	}
	payment := NewPayment(number, on, amount, currency, cell("reference"))
	if first, twice := p.seen[payment.ID]; twice {
		p.fault(p.line, 1, "duplicate", fmt.Sprintf("the same payment as in line %d", first))
		return
	}
	p.seen[payment.ID], payment.Line = p.line, p.line
	p.payments = append(slices.Grow(p.payments, 1), payment)
}
