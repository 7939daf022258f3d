package ingest

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/period"
)

// BilledKey is the key of the data set that holds an invoice's rows of a kind.
func BilledKey(k Kind, invoice string) string { return string(k) + "|" + invoice }

// UnbilledKey is the key of the data set that holds a period's unbilled rows of a kind in one currency.
func UnbilledKey(k Kind, currency string, m period.Month) string {
	return string(k) + "|unbilled|" + currency + "|" + m.String()
}

// ActualKey is the key of the cost rows that tell the same money as the amortized ones of a key, "" for other keys.
func ActualKey(key string) string {
	const amortized = "cost|cost-export-" + VariantAmortized + "|"
	rest, ok := strings.CutPrefix(key, amortized)
	if !ok {
		return ""
	}
	return "cost|cost-export|" + rest
}

// keyColumns are the columns that tell a row's data set, of each table: two texts, then the days of which the first
// that is given tells the month.
type keyColumns struct {
	a, b string
	days []string
}

var keysOf = map[string]keyColumns{
	TableUsage:    {"invoice_number", "billing_currency", []string{"charge_start", "usage_date"}},
	TableRecon:    {"invoice_number", "currency", []string{"charge_start", "order_date", "usage_date"}},
	TablePrice:    {"market", "", []string{"effective_start"}},
	TableFX:       {"month", "", nil},
	TableDocument: {"root", "", nil},
	TableCost:     {"invoice_id", "billing_account_id", []string{"billing_period_start", "charge_start"}},
}

// keyMaker makes the key of the data set that a row belongs to. Rows of one set mostly follow each other, so the last
// key is kept.
//
//	usage|G090387211                     billed usage; recon|… and recon-legacy-…|… likewise
//	usage|unbilled|EUR|2026-03           unbilled: currency, and the latest month in which a charge of the file starts
//	price|azure_consumption|US|2026-03   view, market, and the month of the file's name or, if it tells none, the latest
//	                                     month in which a price of the file starts
//	fx|2026-03                           the rows' month
//	document|G121410345                  the document at the top and its amendments
//	cost|focus|invoice|B1|INV-1          rows that carry an invoice: account and invoice
//	cost|focus|period|B1|2026-03         others: account and billing period
//	cost|cost-export-amortized|…         the same money as cost|cost-export|…, spread; see ActualKey
type keyMaker struct {
	src               *Source
	a, b              int
	days              []int
	lastA, lastB, key string
	lastMonth         period.Month
}

func newKeyMaker(s *Source) keyMaker {
	columns := keysOf[s.schema.Table]
	k := keyMaker{src: s, a: s.schema.Index(columns.a), b: s.schema.Index(columns.b)}
	for _, name := range columns.days {
		k.days = append(k.days, s.schema.Index(name))
	}
	return k
}

// of is the key of the row in the decoder; a row whose period nothing tells is a fault.
func (k *keyMaker) of(d *decoder, line int64) string {
	a, b, m := d.values[k.a].Text(), "", period.Month{}
	if k.b >= 0 {
		b = d.values[k.b].Text()
	}
	if k.byMonth(a) {
		if m = k.src.Month; m.IsZero() {
			m = k.month(d.values)
		}
		if m.IsZero() {
			d.fault(line, "", CodeRequired, "no date tells the period that the row belongs to")
			return ""
		}
	}
	if k.key == "" || a != k.lastA || b != k.lastB || m != k.lastMonth {
		k.lastA, k.lastB, k.lastMonth = a, b, m
		k.key = k.make(d, a, b, m)
	}
	return k.key
}

// byMonth says whether the set is one of a month: every price sheet, and rows without an invoice.
func (k *keyMaker) byMonth(invoice string) bool {
	switch k.src.schema.Table {
	case TablePrice:
		return true
	case TableFX, TableDocument:
		return false
	default:
		return invoice == ""
	}
}

// month is that of the first day that the row gives; the far future is an open end, no month.
func (k *keyMaker) month(values []Value) period.Month {
	for _, i := range k.days {
		if day := values[i].Date(); !day.IsZero() && day.Year() < 9000 {
			return day.Month()
		}
	}
	return period.Month{}
}

func (k *keyMaker) make(d *decoder, a, b string, m period.Month) string {
	switch k.src.schema.Table {
	case TablePrice:
		return "price|" + k.src.View + "|" + a + "|" + m.String()
	case TableCost:
		source := "cost|" + d.get("source").Text()
		if k.src.Variant == VariantAmortized {
			source += "-" + VariantAmortized
		}
		if a != "" {
			return source + "|invoice|" + b + "|" + a
		}
		return source + "|period|" + b + "|" + m.String()
	case TableFX, TableDocument:
		return BilledKey(k.src.Kind, a)
	default:
		if a != "" {
			return BilledKey(k.src.Kind, a)
		}
		return UnbilledKey(k.src.Kind, b, m)
	}
}
