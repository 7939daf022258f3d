package pdf

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// The summary stands in two columns: taxes at the left, totals at the right.
const (
	taxWide  = 286.0
	sumLeft  = right - 190
	taxRate  = left + 150.0
	taxBase  = left + 220.0
	taxRight = left + taxWide
)

var categories = map[billing.TaxCategory]string{
	billing.TaxStandard: "Standard rate", billing.TaxZero: "Zero rate", billing.TaxExempt: "Exempt",
	billing.TaxReverseCharge: "Reverse charge", billing.TaxExport: "Export", billing.TaxOutOfScope: "Outside the scope of tax",
	billing.TaxIntraEU: "Intra-Community supply",
}

// summary draws the taxes by category and the totals, side by side and never apart.
func (c *canvas) summary() {
	reasons := make([][]string, 0, len(c.inv.Taxes))
	h := 30.0
	for _, t := range c.inv.Taxes {
		lines := c.wrap(t.Reason, small, taxWide)
		reasons = append(reasons, lines)
		h += 15 + 9*float64(len(lines))
	}
	c.need(min(max(h, 110), 600))
	start := c.y
	c.totals()
	end, page := c.y, c.pdf.PageNo()
	c.y = start
	c.taxes(reasons)
	if c.pdf.PageNo() == page {
		c.y = max(c.y, end)
	}
	c.y += 16
}

func (c *canvas) taxes(reasons [][]string) {
	if len(c.inv.Taxes) == 0 {
		return
	}
	c.text(left, c.y, "TAX SUMMARY", caption)
	c.right(taxRate, c.y, "RATE", caption)
	c.right(taxBase, c.y, "BASE", caption)
	c.right(taxRight, c.y, "TAX", caption)
	c.line(left, c.y+6, taxRight, c.y+6, rule)
	c.y += 6
	for i, t := range c.inv.Taxes {
		c.need(26)
		c.y += 13
		c.text(left, c.y, c.clip(categoryName(t.Category), body, 108), body)
		c.number(taxRate, c.y, figure.Percent(t.Rate), body, 36)
		c.number(taxBase, c.y, c.money(t.Base), body, 66)
		c.number(taxRight, c.y, c.money(t.Amount), body, 62)
		for _, l := range reasons[i] {
			c.need(9)
			c.y += 9
			c.text(left, c.y, l, small)
		}
		c.y += 2
	}
}

// categoryName is a category in words, with its code where that is what an accountant looks for.
func categoryName(t billing.TaxCategory) string {
	words, known := categories[t]
	switch {
	case !known:
		return string(t)
	case t == billing.TaxStandard:
		return words
	default:
		return words + " (" + string(t) + ")"
	}
}

// totals draws net, tax, gross, what was paid and what is due.
func (c *canvas) totals() {
	c.total("Net total", c.inv.Net, body)
	c.total("Tax", c.inv.Tax, body)
	c.line(sumLeft, c.y-7, right, c.y-7, rule)
	c.y += 4
	c.total("Total "+string(c.currency), c.inv.Gross, strong)
	if !c.inv.Paid.IsZero() {
		c.total("Paid", c.inv.Paid.Neg(), body)
	}
	c.y += 2
	c.fill(sumLeft-10, c.y-10, right-sumLeft+10, 22, accent)
	white := style{10, true, rgb{255, 255, 255}}
	label, amount := c.closing()
	c.text(sumLeft, c.y+4.5, label, white)
	c.number(colNet, c.y+4.5, c.money(amount)+" "+string(c.currency), white, 105)
	c.y += 22
}

func (c *canvas) closing() (string, money.Decimal) {
	due := c.due()
	switch {
	case c.inv.Type == billing.TypeCreditNote:
		return "Credit", due
	case due.Sign() < 0:
		return "In your favour", due
	case c.inv.Estimate:
		return "Estimated amount", due
	default:
		return "Amount due", due
	}
}

func (c *canvas) total(label string, a money.Decimal, st style) {
	c.text(sumLeft, c.y, label, st)
	c.number(colNet, c.y, c.money(a), st, 105)
	c.y += 14
}
