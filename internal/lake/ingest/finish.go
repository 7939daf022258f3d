package ingest

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// finisherOf is what a kind does with a row once its cells are read: fill derived columns, drop what is no row.
func finisherOf(k Kind) func(*decoder, int64) bool {
	switch k {
	case KindRecon:
		return finishFamily(string(usage.FamilyNewCommerce))
	case KindLegacyLicence:
		return finishFamily(string(usage.FamilyLegacyLicence))
	case KindLegacyUsage:
		return finishFamily(string(usage.FamilyLegacyUsage))
	case KindLegacyDaily:
		return finishFamily(FamilyLegacyDaily)
	case KindPrice, KindRateCard:
		return finishPrice
	case KindFX:
		return finishFX
	case KindDocument:
		return finishDocument
	case KindFocus:
		return finishFocus
	case KindCost:
		return finishCost
	default:
		return nil
	}
}

func (d *decoder) get(name string) Value { return d.values[d.src.schema.Index(name)] }

func (d *decoder) set(name string, v Value) { d.values[d.src.schema.Index(name)] = v }

// filled says whether the file's row holds the column.
func (d *decoder) filled(column string) bool {
	return d.cells[d.src.schema.Index(column)].row == d.count
}

// name is how the file spells a column.
func (d *decoder) name(column string) string {
	i := d.src.schema.Index(column)
	if d.cells[i].row == d.count {
		return d.names[d.cells[i].name]
	}
	return spelling(d.src.schema.Columns[i])
}

func finishFamily(family string) func(*decoder, int64) bool {
	v := textValue(family)
	return func(d *decoder, _ int64) bool {
		d.set("family", v)
		if d.get("invoice_number").IsNull() && d.src.Invoice != "" {
			d.set("invoice_number", textValue(d.src.Invoice))
		}
		return true
	}
}

// openTier is the price sheets' "no upper end": about 2^63, written by a lossy double (A1).
var openTier = money.MustParse("9200000000000000000")

// finishPrice opens tiers and drops rows that a licence sheet lists as deleted: they price nothing in its month.
func finishPrice(d *decoder, line int64) bool {
	if strings.EqualFold(d.get("change_indicator").Text(), "Delete") {
		d.report.note(NoteDropped, d.name("change_indicator"), "a row marked Delete is not kept", line)
		return false
	}
	d.set("view", textValue(d.src.View))
	if d.src.Kind == KindRateCard {
		finishRateCard(d, line)
	}
	upper := d.get("tier_max")
	open := upper.IsNull() || upper.Decimal().Cmp(openTier) >= 0
	if open {
		d.set("tier_max", Value{})
	}
	d.set("tier_open", boolValue(open))
	return true
}

// finishFX makes the month YYYY-MM; what is no month is told by the file's name (correction 7). A rate is divided by,
// so it is above zero.
func finishFX(d *decoder, line int64) bool {
	if rate := d.get("usd_per_unit"); !rate.IsNull() && rate.Decimal().Cmp(money.Zero) <= 0 {
		d.fault(line, d.name("usd_per_unit"), CodeNumber, quote(rate.Text())+" is no exchange rate: it is not above zero")
	}
	cell, named := d.get("month").Text(), d.src.Month
	m, err := period.ParseMonth(cell)
	switch {
	case err == nil && m.Year >= 1900:
		if !named.IsZero() && named != m {
			d.report.note(NoteMonth, d.name("month"), "the rates are of "+m.String()+", though the file's name says "+named.String(), line)
		}
	case !named.IsZero():
		d.report.note(NoteMonth, d.name("month"), quote(cell)+" is no month; the file's name says "+named.String(), line)
		m = named
	default:
		d.fault(line, d.name("month"), CodeDate, quote(cell)+" is not YYYYMM, and the file's name tells no month")
		return true
	}
	d.set("month", textValue(m.String()))
	return true
}

func finishDocument(d *decoder, _ int64) bool {
	if d.root == "" {
		d.root = d.get("number").Text()
	}
	d.set("root", textValue(d.root))
	return true
}

// finishFocus adds the days of the charge; FOCUS periods end exclusively.
func finishFocus(d *decoder, line int64) bool {
	d.set("source", textValue(string(KindFocus)))
	start, end := d.get("charge_period_start"), d.get("charge_period_end")
	if start.IsNull() || end.IsNull() {
		return true
	}
	if end.Int() < start.Int() {
		d.report.note(NoteMended, d.name("charge_period_end"), "a charge period ends before it starts; its day is the start's", line)
		end = start
	}
	last := Value{n: max(end.Int()-1, start.Int()), kind: Timestamp}
	d.set("charge_start", dateValue(start.Date()))
	d.set("charge_end", dateValue(last.Date()))
	return true
}

// chargeCategories are FOCUS's words for Cost Management's charge types.
var chargeCategories = map[string]string{
	"usage": "Usage", "unusedreservation": "Usage", "unusedsavingsplan": "Usage", "unusedbenefits": "Usage",
	"purchase": "Purchase", "refund": "Purchase", "tax": "Tax", "credit": "Credit",
}

// finishCost brings an Azure Cost Management row into FOCUS's columns: the charge is its day's, and both kinds of
// cost are the row's one cost. Its billing period ends inclusively.
func finishCost(d *decoder, _ int64) bool {
	d.set("source", textValue("cost-export"))
	if start := d.get("charge_period_start"); !start.IsNull() {
		day := start.Date()
		d.set("charge_start", dateValue(day))
		d.set("charge_end", dateValue(day))
		d.set("charge_period_start", Value{n: int64(day.UnixDays()) * 86400e6, kind: Timestamp})
		d.set("charge_period_end", Value{n: int64(day.AddDays(1).UnixDays()) * 86400e6, kind: Timestamp})
		if d.get("billing_period_start").IsNull() {
			d.set("billing_period_start", dateValue(day.Month().First()))
			d.set("billing_period_end", dateValue(day.Month().Add(1).First()))
		}
	}
	if end := d.get("billing_period_end"); !end.IsNull() && d.filled("billing_period_end") {
		d.set("billing_period_end", dateValue(end.Date().AddDays(1)))
	}
	category, ok := chargeCategories[strings.ToLower(d.get("charge_type").Text())]
	if !ok {
		category = "Adjustment"
	}
	d.set("charge_category", textValue(category))
	d.set("effective_cost", d.get("billed_cost"))
	d.set("service_name", d.get("meter_category"))
	d.set("service_subcategory", d.get("meter_sub_category"))
	d.set("consumed_quantity", d.get("pricing_quantity"))
	d.set("consumed_unit", d.get("pricing_unit"))
	return true
}
