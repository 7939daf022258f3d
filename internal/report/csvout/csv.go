// Package csvout writes the lines of an invoice as CSV (RFC 4180: comma, CRLF, quotes where needed, UTF-8 without a
// mark). It owns the columns, which only ever grow at the end. Invariants: one row a line, zero lines too; amounts are
// plain decimal numbers; no text begins a formula in a spreadsheet; nothing of the partner's alone is written.
package csvout

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// Header lists the columns in their order: the document's number (empty while draft), type, billing period, day of
// issue, day due, currency, customer id, tenant id and name; then per line its number, kind, product category, display
// group, description, first and last day of service (both inclusive), quantity, unit, unit price, net, tax category
// and rate in percent, the currency it was converted from with rate, source and day (empty without a conversion),
// subscription, product, SKU and meter ids, reseller's partner id, and whether the document is an estimate.
func Header() []string {
	return []string{
		"invoice_number", "document_type", "period", "issued_on", "due_on", "currency", "customer_id", "tenant_id", "customer_name",
		"line", "kind", "category", "group", "description", "service_from", "service_to", "quantity", "unit", "unit_price", "net",
		"tax_category", "tax_rate", "exchange_from", "exchange_rate", "exchange_source", "exchange_on",
		"subscription_id", "product_id", "sku_id", "meter_id", "reseller_mpn", "estimate",
	}
}

// Marshal writes the header and a row for each line.
func Marshal(inv *billing.Invoice) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write(Header()) // a buffer takes everything; Flush and Error below say the rest
	for i := range inv.Lines {
		_ = w.Write(row(inv, &inv.Lines[i]))
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("write CSV of invoice %s: %w", inv.ID, err)
	}
	return b.Bytes(), nil
}

func row(inv *billing.Invoice, l *billing.Line) []string {
	from, rate, source, on := exchange(l.Exchange)
	return []string{
		text(inv.Number), text(string(inv.Type)), inv.Period.String(), inv.IssuedOn.String(), inv.DueOn.String(), text(string(inv.Currency)),
		text(inv.CustomerID), text(inv.TenantID), text(inv.Buyer.Name),
		strconv.Itoa(l.N), text(string(l.Kind)), text(l.Category), text(l.Group), text(l.Description),
		l.ServiceFrom.String(), l.ServiceTo.String(), l.Quantity.Plain(), text(l.Unit),
		figure.Amount(l.UnitPrice, inv.Currency), figure.Amount(l.Net, inv.Currency), text(string(l.Tax)), l.TaxRate.Plain(),
		from, rate, source, on,
		text(l.SubscriptionID), text(l.ProductID), text(l.SkuID), text(l.MeterID), text(l.ResellerMpnID), strconv.FormatBool(inv.Estimate),
	}
}

// exchange leaves out the amount before conversion, which need not be the customer's.
func exchange(x *billing.Exchange) (from, rate, source, on string) {
	if x == nil {
		return "", "", "", ""
	}
	return text(string(x.From)), x.Rate.Plain(), text(x.Source), x.On.String()
}

// text makes a text safe in a spreadsheet: one that would begin a formula there gets an apostrophe in front. Tab and
// carriage return count, as some programs skip them.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
