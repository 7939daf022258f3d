package pdf

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// indent is where the paragraphs of a section begin.
const indent = 104.0

// details draws what stands under the totals: exchange rates, how to pay, notes.
func (c *canvas) details() {
	c.section("Exchange rates", rates(c.inv))
	c.payment()
	if c.inv.Type != billing.TypeCreditNote {
		c.section("Terms", filled(c.inv.Terms))
	}
	c.section("Notes", filled(c.inv.Notes...))
}

// section draws a heading at the left with paragraphs beside it, and nothing when there are none.
func (c *canvas) section(label string, paragraphs []string) {
	if len(paragraphs) == 0 {
		return
	}
	var lines []string
	for _, p := range paragraphs {
		lines = append(lines, c.wrap(p, body, wide-indent)...)
	}
	c.need(min(12*float64(len(lines))+14, 180))
	c.line(left, c.y-4, right, c.y-4, hair)
	c.y += 9
	c.text(left, c.y, label, strong)
	for _, l := range lines {
		c.need(4)
		c.text(left+indent, c.y, l, body)
		c.y += 12
	}
	c.y += 6
}

// payment says where to pay to and what to write on the transfer. A credit note asks for nothing.
func (c *canvas) payment() {
	inv := c.inv
	if inv.Type == billing.TypeCreditNote || c.due().Sign() <= 0 {
		return
	}
	if inv.Estimate {
		c.section("Payment", []string{"This is an estimate. Please do not pay before the invoice arrives."})
		return
	}
	var pairs [][2]string
	for _, f := range [][2]string{
		{"Account", inv.Bank.AccountName},
		{"IBAN", grouped(inv.Bank.IBAN)},
		{"BIC", inv.Bank.BIC},
		{"Reference", inv.Number},
		{"Due", figure.Day(inv.DueOn)},
	} {
		if f[1] != "" {
			pairs = append(pairs, f)
		}
	}
	c.pairs("Payment", pairs)
}

// pairs is a section of labels and values below each other.
func (c *canvas) pairs(label string, list [][2]string) {
	if len(list) == 0 {
		return
	}
	c.need(12*float64(len(list)) + 14)
	c.line(left, c.y-4, right, c.y-4, hair)
	c.y += 9
	c.text(left, c.y, label, strong)
	for _, f := range list {
		c.text(left+indent, c.y, f[0], quiet)
		c.y = c.block(left+indent+58, c.y, c.wrap(f[1], body, wide-indent-58), body, 12)
	}
	c.y += 6
}

// grouped writes an IBAN in fours, as it is printed.
func grouped(iban string) string {
	iban = strings.ReplaceAll(iban, " ", "")
	var b strings.Builder
	for i, r := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// rates are the exchange rates that were applied, each once. The amounts before conversion stay out: they need not be
// the customer's.
func rates(inv *billing.Invoice) []string {
	var used []billing.Exchange
	for _, l := range inv.Lines {
		if l.Exchange != nil {
			used = append(used, *l.Exchange)
		}
	}
	slices.SortFunc(used, func(a, b billing.Exchange) int {
		return cmp.Or(cmp.Compare(a.From, b.From), a.On.Compare(b.On), a.Rate.Cmp(b.Rate), cmp.Compare(a.Source, b.Source))
	})
	out := make([]string, 0, len(used))
	for _, x := range used {
		text := fmt.Sprintf("1 %s = %s %s", x.From, x.Rate.Plain(), inv.Currency)
		if from := strings.Join(filled(x.Source, figure.Day(x.On)), ", "); from != "" {
			text += "  (" + from + ")"
		}
		out = append(out, text)
	}
	return slices.Compact(out)
}
