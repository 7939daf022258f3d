package ingest

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// rate is one step of a rate card's meter: units above from cost price.
type rate struct {
	from  money.Decimal
	cell  string
	price string
}

// meter emits a row for each step of a meter's rates, {"0": 0.5, "1024": 0.4}; a step ends where the next begins.
func (p *page) meter(text string, line int64) {
	rates, ok := p.rates(text, line)
	if !ok {
		return
	}
	for i, r := range rates {
		p.e.d.step = step{tierMin: r.cell, price: r.price}
		if i+1 < len(rates) {
			p.e.d.step.tierMax = rates[i+1].cell
		}
		p.row(text, line)
	}
}

// step is what a rate card's row has from its meter's rates.
type step struct{ tierMin, tierMax, price string }

// rates reads the member rates, lowest step first.
func (p *page) rates(text string, line int64) ([]rate, bool) {
	var list []rate
	fine := true
	bad := func(code error, cell string) {
		fine = false
		p.e.d.badNumber(&rawCell{name: p.e.d.known("rates"), line: line}, cell, code)
	}
	_, err := scanObject(text, func(key, cell string, _ int) error {
		if normalName(key) != "rates" || cell == "" {
			return nil
		}
		_, err := scanObject(cell, func(from, price string, _ int) error {
			f, _, err := parseNumber(from, MaxScale)
			if err != nil {
				bad(err, from)
				return nil
			}
			v, _, err := parseNumber(price, MaxScale)
			if err != nil {
				bad(err, price)
				return nil
			}
			list = append(list, rate{from: money.MustParse(f), cell: f, price: v})
			return nil
		})
		return err
	})
	if err != nil {
		p.e.bad(line, errJSON)
		return nil, false
	}
	if len(list) == 0 && fine {
		p.e.d.fault(line, "rates", CodeRequired, "is missing or empty")
		fine = false
	}
	for _, f := range p.e.d.faults {
		p.e.fault(f)
	}
	p.e.d.faults = p.e.d.faults[:0]
	slices.SortFunc(list, func(a, b rate) int { return a.from.Cmp(b.from) })
	return list, fine
}

// finishRateCard sets what stands outside the meter or in its rates.
func finishRateCard(d *decoder, line int64) {
	currency, err := cleanCurrency(d.src.currency)
	if err != nil {
		d.fault(line, "currency", CodeText, quote(d.src.currency)+" "+err.Error())
	}
	d.set("currency", textValue(currency))
	d.set("market", textValue(d.src.market))
	d.set("unit_price", Value{text: d.step.price, kind: Decimal})
	d.set("tier_min", Value{text: d.step.tierMin, kind: Decimal})
	if d.step.tierMax != "" {
		d.set("tier_max", Value{text: d.step.tierMax, kind: Decimal})
	}
}
