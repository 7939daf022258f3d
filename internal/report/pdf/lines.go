package pdf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// The columns of the table of lines: where text begins, or where figures end.
const (
	colN        = left + 20.0
	colText     = left + 30.0
	textWide    = 186.0
	colQuantity = left + 286.0
	colUnit     = left + 294.0
	unitWide    = 54.0
	colPrice    = left + 408.0
	colTax      = left + 440.0
	colNet      = right - 6
)

// group is the lines that stand under one heading.
type group struct {
	name  string
	lines []*billing.Line
	net   money.Decimal // of all its lines, hidden ones too: they are zero
}

// groups puts the lines that are shown under their headings, in the order in which headings first occur. It returns
// how many lines are hidden.
func groups(inv *billing.Invoice) ([]*group, int) {
	var out []*group
	byName, hidden := map[string]*group{}, 0
	for i := range inv.Lines {
		l := &inv.Lines[i]
		if inv.HideZeroLines && l.Net.IsZero() {
			hidden++
			continue
		}
		g := byName[l.Group]
		if g == nil {
			g = &group{name: l.Group}
			byName[l.Group] = g
			out = append(out, g)
		}
		g.lines = append(g.lines, l)
		g.net = g.net.Add(l.Net)
	}
	return out, hidden
}

// lines draws the table of lines.
func (c *canvas) lines() {
	list, hidden := groups(c.inv)
	c.tableHead()
	for _, g := range list {
		c.group(g, len(list) > 1 || g.name != "")
	}
	c.header = nil
	if len(c.inv.Lines) == 0 {
		c.y += 6
		c.text(colText, c.y, "No lines.", quiet)
		c.y += 12
	}
	if hidden > 0 {
		c.need(14)
		c.y += 9
		c.text(left+6, c.y, plural(hidden, "line")+" with a zero amount not shown.", small)
	}
	c.y += 20
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// tableHead draws the column names; inside a group it is drawn again on each page.
func (c *canvas) tableHead() {
	c.right(colN, c.y, "#", caption)
	c.text(colText, c.y, "DESCRIPTION", caption)
	c.right(colQuantity, c.y, "QUANTITY", caption)
	c.text(colUnit, c.y, "UNIT", caption)
	c.right(colPrice, c.y, "UNIT PRICE", caption)
	c.right(colTax, c.y, "TAX", caption)
	c.right(colNet, c.y, strings.TrimSpace("NET "+string(c.currency)), caption)
	c.line(left, c.y+6, right, c.y+6, ink)
	c.y += 10
}

// group draws a heading with its subtotal, and its lines.
func (c *canvas) group(g *group, named bool) {
	c.header = c.tableHead
	if named {
		label := g.name
		if label == "" {
			label = "Other"
		}
		c.need(60) // the heading and the first line
		c.groupHead(label, c.money(g.net))
		c.header = func() { c.tableHead(); c.groupHead(label+" (continued)", "") }
	}
	for i, l := range g.lines {
		c.row(l, i == len(g.lines)-1)
	}
	c.header = c.tableHead
	c.y += 4
}

func (c *canvas) groupHead(label, subtotal string) {
	c.fill(left, c.y-3, wide, 17, tint)
	c.text(left+6, c.y+8.5, c.clip(label, strong, 380), strong)
	c.number(colNet, c.y+8.5, subtotal, strong, 110)
	c.y += 17
}

// row draws one line. Its text may be long enough to need a page of its own.
func (c *canvas) row(l *billing.Line, last bool) {
	text := c.wrap(l.Description, body, textWide)
	under := c.wrap(underline(l), small, textWide)
	unit := c.wrap(l.Unit, quiet, unitWide)
	h := 11*float64(max(1, len(text), len(unit))) + 9*float64(len(under)) + 8
	c.need(min(h, 300))
	c.y += 11
	c.number(colN, c.y, strconv.Itoa(l.N), quiet, 17)
	c.figures(l)
	page, first := c.pdf.PageNo(), c.y
	c.block(colUnit, c.y, unit[:min(len(unit), 20)], quiet, 11)
	c.flow(text, body, 11)
	c.flow(under, small, 9)
	if c.pdf.PageNo() == page {
		c.y = max(c.y, first+11*float64(min(len(unit), 20)), first+11)
	}
	c.y -= 4
	if !last {
		c.line(left, c.y, right, c.y, hair)
	}
	c.y += 1
}

// flow draws lines of text down the page and over its end.
func (c *canvas) flow(lines []string, st style, leading float64) {
	for _, l := range lines {
		if c.y > bottom {
			c.addPage()
			c.y += 10
		}
		c.text(colText, c.y, l, st)
		c.y += leading
	}
}

func (c *canvas) figures(l *billing.Line) {
	c.number(colQuantity, c.y, figure.Quantity(l.Quantity), body, 70)
	c.number(colPrice, c.y, figure.UnitPrice(l.UnitPrice, c.currency), body, 60)
	c.number(colTax, c.y, taxMark(l.Tax, l.TaxRate), quiet, 30)
	c.number(colNet, c.y, c.money(l.Net), body, 57)
}

// taxMark is the rate, and the category's code where it is not the standard one.
func taxMark(category billing.TaxCategory, rate money.Decimal) string {
	if category == billing.TaxStandard || category == "" {
		return figure.Percent(rate)
	}
	return fmt.Sprintf("%s %s", category, figure.Percent(rate))
}

// underline is what stands small under a description: when it was used, whose subscription, from which currency.
func underline(l *billing.Line) string {
	parts := filled(figure.Span(l.ServiceFrom, l.ServiceTo))
	if l.SubscriptionID != "" {
		parts = append(parts, "Subscription "+l.SubscriptionID)
	}
	if x := l.Exchange; x != nil {
		parts = append(parts, fmt.Sprintf("converted from %s at %s", x.From, x.Rate.Plain()))
	}
	return strings.Join(parts, " · ")
}
