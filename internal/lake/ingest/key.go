package ingest

import (
	"github.com/chandler-csp/chandler/internal/core/period"
)

// BilledKey is the key of the data set that holds an invoice's rows of a kind.
func BilledKey(k Kind, invoice string) string { return string(k) + "|" + invoice }

// UnbilledKey is the key of the data set that holds a period's unbilled rows of a kind in one currency.
func UnbilledKey(k Kind, currency string, m period.Month) string {
	return string(k) + "|unbilled|" + currency + "|" + m.String()
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
type keyMaker struct {
	kind              Kind
	month             period.Month
	view              string
	a, b, c           int
	lastA, lastB, key string
	lastC             int64
}

func newKeyMaker(s *Source) keyMaker {
	k := keyMaker{kind: s.Kind, month: s.Month, view: s.View, a: -1, b: -1, c: -1}
	columns := map[string][3]string{
		TableUsage: {"invoice_number", "billing_currency", "charge_start"}, TableRecon: {"invoice_number", "currency", "charge_start"},
		TablePrice: {"market", "", ""}, TableFX: {"month", "", ""}, TableDocument: {"root", "", ""},
		TableCost: {"invoice_id", "billing_account_id", "billing_period_start"},
	}[s.schema.Table]
	k.a, k.b, k.c = s.schema.Index(columns[0]), s.schema.Index(columns[1]), s.schema.Index(columns[2])
	return k
}

func (k *keyMaker) of(d *decoder) string {
	a, b, c := d.values[k.a].Text(), "", int64(0)
	if k.b >= 0 {
		b = d.values[k.b].Text()
	}
	if k.c >= 0 && a == "" {
		c = d.values[k.c].Int()
	}
	if k.key == "" || a != k.lastA || b != k.lastB || c != k.lastC {
		k.lastA, k.lastB, k.lastC = a, b, c
		k.key = k.make(d, a, b)
	}
	return k.key
}

func (k *keyMaker) make(d *decoder, a, b string) string {
	switch d.src.schema.Table {
	case TablePrice:
		return "price|" + k.view + "|" + a + "|" + k.month.String()
	case TableCost:
		source := "cost|" + d.get("source").Text()
		if a != "" {
			return source + "|invoice|" + b + "|" + a
		}
		return source + "|period|" + b + "|" + d.values[k.c].Date().Month().String()
	case TableFX, TableDocument:
		return BilledKey(k.kind, a)
	default:
		if a != "" {
			return BilledKey(k.kind, a)
		}
		month := k.month
		if month.IsZero() {
			month = d.values[k.c].Date().Month()
		}
		return UnbilledKey(k.kind, b, month)
	}
}
