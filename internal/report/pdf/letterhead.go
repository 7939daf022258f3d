package pdf

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// letterhead draws the first page's top: logo, title, the two parties, the facts and what is to be paid.
func (c *canvas) letterhead() {
	c.brand()
	c.heading()
	c.y = top + 74
	ends := []float64{
		c.party(left, 158, "FROM", c.inv.Seller),
		c.party(left+174, 158, "BILL TO", c.inv.Buyer),
		c.facts(left+348, wide-348),
	}
	c.y = max(ends[0], ends[1], ends[2]) + 8
	c.correction()
	c.band()
}

// brand draws the logo, or the seller's name where there is none.
func (c *canvas) brand() {
	if c.logo(left, top, 180, 46) {
		return
	}
	st := style{15, true, ink}
	lines := c.atMost(3, c.inv.Seller.Name, st, 250)
	if len(lines) > 2 {
		st.size = 11
		lines = c.atMost(4, c.inv.Seller.Name, st, 250)
	}
	c.block(left, top+st.size, lines, st, st.size*1.25)
}

// heading draws the title, the number and the labels at the top right.
func (c *canvas) heading() {
	c.right(right, top+17, title(c.inv), display)
	number := c.inv.Number
	if number == "" {
		number = "No number yet"
	}
	c.number(right, top+33, number, style{10, false, grey}, 240)
	x := right
	for _, l := range labels(c.inv) {
		color := accent
		if l == "VOID" {
			color = red
		}
		st := style{7.5, true, color}
		w := c.width(l, st) + 12
		c.pdf.SetDrawColor(color.r, color.g, color.b)
		c.pdf.SetLineWidth(0.8)
		c.pdf.RoundedRect(x-w, top+40, w, 13, 2.5, "1234", "D")
		c.text(x-w+6, top+49.2, l, st)
		x -= w + 6
	}
}

// party draws a seller or a buyer and returns where it ends.
func (c *canvas) party(x, w float64, label string, p billing.Party) float64 {
	c.text(x, c.y, label, caption)
	y := c.block(x, c.y+15, c.atMost(8, p.Name, name, w), name, 12.5)
	for _, l := range partyLines(p) {
		y = c.block(x, y, c.atMost(3, l, body, w), body, 11)
	}
	return y
}

// partyLines are what stands under a party's name.
func partyLines(p billing.Party) []string {
	legal := p.LegalName
	if legal == p.Name {
		legal = ""
	}
	out := append(filled(legal), address(p.Address)...)
	if p.VATID != "" {
		out = append(out, "VAT ID "+p.VATID)
	}
	if p.CompanyID != "" {
		out = append(out, "Reg. no. "+p.CompanyID)
	}
	return append(out, filled(p.Contact.Name, p.Contact.Phone, p.Contact.Email)...)
}

// filled keeps what is not blank.
func filled(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return out
}

// facts draws dates and references as label and value, and returns where they end.
func (c *canvas) facts(x, w float64) float64 {
	c.text(x, c.y, "DETAILS", caption)
	y := c.y + 15
	for _, f := range c.factList() {
		if f[1] == "" {
			continue
		}
		c.text(x, y, f[0], quiet)
		for _, l := range c.atMost(3, f[1], body, w-76) {
			c.text(x+76, y, l, body)
			y += 11
		}
		y += 1.5
	}
	return y
}

func (c *canvas) factList() [][2]string {
	inv := c.inv
	due := figure.Day(inv.DueOn)
	if inv.Type == billing.TypeCreditNote {
		due = "" // nothing is asked for
	}
	span := figure.Span(inv.ServiceFrom, inv.ServiceTo)
	if span == "" {
		span = figure.Month(inv.Period)
	}
	mpn := ""
	if inv.ResellerMpnID != "" {
		mpn = "MPN " + inv.ResellerMpnID
	}
	return [][2]string{
		{"Date", figure.Day(inv.IssuedOn)},
		{"Due", due},
		{"Period", span},
		{"Your ref.", inv.BuyerReference},
		{"Order", inv.OrderReference},
		{"Customer", inv.CustomerID},
		{"Tenant", inv.TenantID},
		{"Reseller of record", mpn},
	}
}

// correction says what a credit note corrects and why.
func (c *canvas) correction() {
	var said []string
	if r := c.inv.Corrects; r != nil {
		said = append(said, "Credits invoice "+r.Number+onDay(r.IssuedOn)+".")
	}
	if c.inv.Reason != "" {
		said = append(said, "Reason: "+c.inv.Reason)
	}
	if len(said) == 0 {
		return
	}
	c.y += 6
	for _, l := range c.atMost(12, strings.Join(said, " "), strong, wide) {
		c.text(left, c.y, l, strong)
		c.y += 11
	}
}

func onDay(d period.Date) string {
	if d.IsZero() {
		return ""
	}
	return " of " + figure.Day(d)
}

// band draws what is to be paid, when and for what time, as the eye's first stop.
func (c *canvas) band() {
	const h = 44
	c.fill(left, c.y, wide, h, tint)
	c.fill(left, c.y, 2.5, h, accent)
	due := c.due()
	if c.inv.Type == billing.TypeCreditNote || due.Sign() < 0 {
		due = due.Neg()
	}
	amount := strings.TrimSpace(c.money(due) + " " + string(c.currency))
	c.text(left+14, c.y+15, c.dueLabel(), caption)
	st := figures
	if w := c.width(amount, st); w > 230 {
		st.size *= 230 / w
	}
	c.text(left+14, c.y+34, amount, st)
	x := left + 260
	for _, f := range [][2]string{{"DUE DATE", figure.Day(c.inv.DueOn)}, {"BILLING PERIOD", figure.Month(c.inv.Period)}} {
		if f[1] == "" || f[0] == "DUE DATE" && (c.inv.Type == billing.TypeCreditNote || due.Sign() <= 0) {
			continue
		}
		c.text(x, c.y+15, f[0], caption)
		c.text(x, c.y+33, f[1], style{11, true, ink})
		x += 130
	}
	c.y += h + 22
}

// due is what is still to be paid; negative when it is the customer's to get.
func (c *canvas) due() money.Decimal { return c.inv.Gross.Sub(c.inv.Paid) }

func (c *canvas) dueLabel() string {
	switch {
	case c.inv.Type == billing.TypeCreditNote:
		return "CREDITED TO YOU"
	case c.due().Sign() < 0:
		return "IN YOUR FAVOUR"
	case c.inv.Estimate:
		return "ESTIMATED AMOUNT"
	default:
		return "AMOUNT DUE"
	}
}
