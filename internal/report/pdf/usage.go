package pdf

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// maxBars is how many services the chart names; the others share a bar.
const maxBars = 12

// service is what one service used.
type service struct {
	name   string
	amount money.Decimal
	meters []billing.UsageSummary
}

// services sums the usage by service: the largest first, then by name; the same for the meters in each.
func services(usage []billing.UsageSummary) []*service {
	byName := map[string]*service{}
	var out []*service
	for _, u := range usage {
		s := byName[u.Service]
		if s == nil {
			s = &service{name: u.Service}
			byName[u.Service] = s
			out = append(out, s)
		}
		s.amount = s.amount.Add(u.Amount)
		s.meters = append(s.meters, u)
	}
	slices.SortFunc(out, func(a, b *service) int {
		return cmp.Or(b.amount.Cmp(a.amount), cmp.Compare(a.name, b.name))
	})
	for _, s := range out {
		slices.SortStableFunc(s.meters, func(a, b billing.UsageSummary) int {
			return cmp.Or(b.Amount.Cmp(a.Amount), cmp.Compare(a.Meter, b.Meter), cmp.Compare(a.Unit, b.Unit))
		})
	}
	return out
}

// usage draws the appendix: what each service used, as a chart and as a table.
func (c *canvas) usage() {
	if len(c.inv.Usage) == 0 {
		return
	}
	list := services(c.inv.Usage)
	c.addPage()
	c.y += 6
	c.text(left, c.y, "Usage by service", style{15, true, accent})
	c.y += 15
	c.text(left, c.y, c.usageIntro(), quiet)
	c.y += 22
	c.chart(list)
	c.y += 20
	c.usageTable(list)
}

func (c *canvas) usageIntro() string {
	text := "Consumption at your prices, before tax"
	if c.currency != "" {
		text += ", in " + string(c.currency)
	}
	if m := figure.Month(c.inv.Period); m != "" {
		text = m + ". " + text
	}
	return text + "."
}

// chart draws a bar a service, from a common zero.
func (c *canvas) chart(list []*service) {
	bars := list
	if len(list) > maxBars {
		rest := &service{name: fmt.Sprintf("Other (%d services)", len(list)-maxBars+1)}
		for _, s := range list[maxBars-1:] {
			rest.amount = rest.amount.Add(s.amount)
		}
		bars = append(slices.Clone(list[:maxBars-1]), rest)
	}
	const label, room = 150.0, 250.0
	low, high := money.Zero, money.Zero
	for _, s := range bars {
		low, high = money.Min(low, s.amount), money.Max(high, s.amount)
	}
	span := high.Sub(low)
	zero := left + label + room*share(low.Neg(), span)
	c.line(zero, c.y-4, zero, c.y+15*float64(len(bars))-2, rule)
	for _, s := range bars {
		c.text(left, c.y+7, c.clip(orDash(s.name), body, label-10), body)
		w := room * share(s.amount.Abs(), span)
		x, color := zero, accent
		if s.amount.Sign() < 0 {
			x, color = zero-w, red
		}
		c.fill(x, c.y, max(w, 0.4), 9, color)
		c.number(colNet, c.y+7, c.money(s.amount), body, 90)
		c.y += 15
	}
}

// share is part / whole as a length, to a ten thousandth; the quotient is exact until it is put on paper.
func share(part, whole money.Decimal) float64 {
	q, err := part.Mul(money.FromInt(10000)).Quo(whole)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(q.Fixed(0))
	if err != nil {
		return 0
	}
	return float64(n) / 10000
}

// The columns of the usage table.
const (
	useQuantity = left + 330.0
	useUnit     = left + 340.0
)

func (c *canvas) usageTable(list []*service) {
	c.need(60)
	c.usageHead()
	c.header = c.usageHead
	var total money.Decimal
	for _, s := range list {
		total = total.Add(s.amount)
		c.need(44)
		c.groupHead(orDash(s.name), c.money(s.amount))
		for i, m := range s.meters {
			c.meter(m, i == len(s.meters)-1)
		}
		c.y += 4
	}
	c.header = nil
	c.need(24)
	c.line(left, c.y, right, c.y, ink)
	c.y += 13
	c.text(left+6, c.y, "Total usage", strong)
	c.number(colNet, c.y, c.money(total), strong, 110)
}

func (c *canvas) usageHead() {
	c.text(left+6, c.y, "METER", caption)
	c.right(useQuantity, c.y, "QUANTITY", caption)
	c.text(useUnit, c.y, "UNIT", caption)
	c.right(colNet, c.y, "AMOUNT", caption)
	c.line(left, c.y+6, right, c.y+6, ink)
	c.y += 10
}

func (c *canvas) meter(m billing.UsageSummary, last bool) {
	text := c.wrap(orDash(m.Meter), body, 235)
	text = text[:min(len(text), 30)]
	c.need(11*float64(len(text)) + 5)
	c.y += 11
	c.number(useQuantity, c.y, figure.Quantity(m.Quantity), body, 82)
	c.text(useUnit, c.y, c.clip(m.Unit, quiet, 82), quiet)
	c.number(colNet, c.y, c.money(m.Amount), body, 78)
	c.y = c.block(left+6, c.y, text, body, 11) - 11 + 4
	if !last {
		c.line(left, c.y, right, c.y, hair)
	}
}

func orDash(s string) string {
	if clean(s) == "" {
		return "–"
	}
	return s
}
