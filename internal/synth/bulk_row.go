package synth

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// bulkSum is what one line of a customer will charge: of a meter, by credit and by month.
type bulkSum struct {
	quantity uint64 // quantityScale
	list     wide   // listScale
	net      wide   // netScale
	billed   wide   // billingScale, of the printed totals
	price    uint64 // reached by the last row
	rows     int64
}

// sumAt is the index of a meter's sum.
func sumAt(meter int, pec, late bool) int { return meter*4 + one0(pec)*2 + one0(late) }

// bulkRow is one row before it is written.
type bulkRow struct {
	res      *bulkResource
	date     []byte
	late     bool
	pec      bool
	benefit  string // "", SavingsPlan or Charge
	quantity uint64
	price    uint64
	net      uint64
	billed   uint64
	eup      uint64 // eupScale
	blend    []byte // effective unit price of a row that passes a tier
}

// day writes the rows of one day of the period.
func (b *bulk) day(k *bulkCustomer, day int) error {
	on := b.cfg.Period.First().AddDays(day - 1)
	access := k.plan.access.on(on)
	for i := range k.resources {
		res := &k.resources[i]
		if res.late || day < int(res.from) || day > int(res.to) {
			continue
		}
		m := b.meters[res.meter]
		row := bulkRow{res: res, date: b.dates[day-1], pec: access && m.earnsPEC(), quantity: b.quantity(m)}
		if err := b.rateAndWrite(k, row, day); err != nil {
			return err
		}
	}
	return nil
}

// lateRows writes the rows of the last days of the month before.
func (b *bulk) lateRows(k *bulkCustomer) error {
	last := b.cfg.Period.First().AddDays(-1)
	for i := range k.resources {
		res := &k.resources[i]
		if !res.late {
			continue
		}
		m := b.meters[res.meter]
		for back := int(res.to - res.from); back >= 0; back-- {
			on := last.AddDays(-back)
			row := bulkRow{res: res, date: []byte(instant(on) + ","), late: true, pec: k.plan.access.on(on) && m.earnsPEC(), quantity: b.quantity(m)}
			if err := b.rateAndWrite(k, row, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// quantity is what a resource uses in a day; machines mostly run all of it.
func (b *bulk) quantity(m *bulkMeter) uint64 {
	n := b.r.Uint64()
	if m.use == hours && n&3 != 0 {
		return 24_000_000
	}
	return m.minimum + (n>>8)%(m.span+1)
}

// rateAndWrite writes a row, or two where a savings plan pays for a part: of a whole day, since the plan is hourly.
func (b *bulk) rateAndWrite(k *bulkCustomer, row bulkRow, day int) error {
	if !row.res.covered {
		return b.charged(k, row, day)
	}
	paid, left := row, row
	paid.quantity = 4_000_000 + b.r.Uint64()%16_000_000
	left.quantity = 24_000_000 - paid.quantity
	paid.benefit, paid.pec, left.benefit = benefitSavingsPlan, false, benefitCharge
	paid.price = b.meters[row.res.meter].tiers[0].price
	k.covered += paid.quantity
	b.put(k, &paid)
	return b.charged(k, left, day)
}

// charged rates a row and adds it to its line.
func (b *bulk) charged(k *bulkCustomer, row bulkRow, day int) error {
	at := int(row.res.meter)
	m, before := b.meters[at], k.used[at]
	tiers := m.priceOn(day, row.late)
	list, reached, single, ok := bulkGraduated(tiers, before, row.quantity)
	keep := uint64(100)
	if row.pec {
		keep = 85
	}
	net, fits := product(list, keep)
	billed, converts := convert(net, b.rate)
	if !ok || !fits || !converts {
		return errs.New(errs.Invalid, "synth.overflow", "a row of %s is too large for bulk arithmetic", m.sku)
	}
	row.price, row.net, row.billed, row.eup = reached, net, billed, reached*keep
	if !single {
		blend := quotientTo(wide{low: net}.decimal(netScale), wide{low: row.quantity}.decimal(quantityScale), rowScale)
		row.blend = []byte(blend.Plain())
	}
	if m.steps != nil {
		k.used[at] = before + row.quantity
	}
	s := &k.sums[sumAt(at, row.pec, row.late)]
	s.quantity, s.price = s.quantity+row.quantity, reached
	s.rows++
	s.list.add(list)
	s.net.add(net)
	s.billed.add(billed)
	b.put(k, &row)
	return nil
}

var (
	crlf   = []byte{'\r', '\n'}
	noPEC  = []byte("0,0,,,,")
	yesPEC = []byte("15,0,,,,")
)

// put writes a row's 55 columns.
func (b *bulk) put(k *bulkCustomer, row *bulkRow) {
	m, tags := b.meters[row.res.meter], &b.taggings[row.res.tags]
	buf := append(b.rows.buffer, k.front...)
	buf = append(buf, m.head...)
	buf = append(buf, k.months[one0(row.late)]...)
	buf = append(buf, row.date...)
	buf = append(buf, m.middle...)
	buf = append(buf, row.res.place...)
	buf = append(appendScaled(buf, row.price, priceScale), ',')
	buf = append(appendScaled(buf, row.quantity, quantityScale), ',')
	buf = append(buf, m.unit36...)
	buf = append(appendScaled(buf, row.billed, billingScale), ",EUR,"...)
	buf = append(appendScaled(buf, row.net, netScale), ",USD,,,"...)
	buf = append(buf, tags.cells...)
	if row.blend != nil {
		buf = append(buf, row.blend...)
	} else {
		buf = appendScaled(buf, row.eup, eupScale)
	}
	buf = append(buf, b.tail45...)
	buf = append(buf, k.entitlements[row.res.ent]...)
	buf = appendBenefit(buf, k, row)
	b.rows.buffer = append(buf, crlf...)
	b.count(tags.env, row.billed)
}

// appendBenefit writes columns 50 to 55.
func appendBenefit(buf []byte, k *bulkCustomer, row *bulkRow) []byte {
	switch {
	case row.pec:
		buf = append(buf, yesPEC...)
	case row.benefit == benefitSavingsPlan:
		buf = appendFields(buf, "0", "0", "", k.savings.orderID, k.savings.benefitID)
	default:
		buf = append(buf, noPEC...)
	}
	return append(buf, row.benefit...)
}

// progressEvery is the number of rows between two reports.
const progressEvery = 1 << 16

// count adds a row to the totals, hands a full chunk on and tells of progress.
func (b *bulk) count(env string, billed uint64) {
	sum := b.envs[env]
	if sum == nil {
		sum = &wide{}
		b.envs[env] = sum
	}
	sum.add(billed)
	b.written++
	if len(b.rows.buffer) >= chunkBytes {
		b.rows.flush()
	}
	if b.cfg.Progress != nil && (b.written%progressEvery == 0 || b.written == b.cfg.Rows) {
		b.cfg.Progress(b.written, b.cfg.Rows)
	}
}

// exact is a sum as the numbers that lines are made of.
func (s *bulkSum) exact() (quantity, list, net money.Decimal) {
	return wide{low: s.quantity}.decimal(quantityScale), s.list.decimal(listScale), s.net.decimal(netScale)
}
