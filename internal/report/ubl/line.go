package ubl

import (
	"fmt"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// slack is how far quantity x price may lie from a line's net (PEPPOL-EN16931-R120).
var slack = money.MustParse("0.02")

// measure is what a line's quantity and price are in the document. Its properties say what they are on the invoice
// where the two differ.
type measure struct {
	quantity, price money.Decimal
	unit            string // UN/ECE Rec 20
	properties      [][2]string
}

// measured takes the line's own quantity and price where they reproduce its net. Where they do not (a price rounded
// for display, a refund with a positive quantity) the line is one piece at its net, or minus one for a refund, since a
// price is never negative (BR-27), and the real quantity and price become properties of the item.
func measured(l billing.Line) measure {
	code, exact := unitCode(l.Unit)
	if reproduces(l) {
		m := measure{quantity: l.Quantity, price: l.UnitPrice, unit: code}
		if !exact {
			m.properties = [][2]string{{"Unit", oneLine(l.Unit)}}
		}
		return m
	}
	m := measure{quantity: money.FromInt(1), price: l.Net.Abs(), unit: "C62"}
	if l.Net.Sign() < 0 {
		m.quantity = money.FromInt(-1)
	}
	m.properties = [][2]string{{"Quantity", oneLine(l.Quantity.Plain() + " " + l.Unit)}}
	if l.UnitPrice.Sign() != 0 {
		m.properties = append(m.properties, [2]string{"Unit price", l.UnitPrice.Plain()})
	}
	return m
}

// reproduces says whether quantity x price is the net within the slack, and of the same sign.
func reproduces(l billing.Line) bool {
	product := l.Quantity.MulExact(l.UnitPrice)
	if l.Quantity.IsZero() || l.UnitPrice.Sign() < 0 || product.Sign() != l.Net.Sign() {
		return false
	}
	return product.Sub(l.Net).Abs().Cmp(slack) <= 0
}

func writeLine(w *writer, d document, l billing.Line, position int) {
	line, quantity := "cac:InvoiceLine", "cbc:InvoicedQuantity"
	if d.credit {
		line, quantity = "cac:CreditNoteLine", "cbc:CreditedQuantity"
	}
	if l.N > 0 {
		position = l.N // hidden lines leave a gap, so that numbers match the other formats
	}
	m := measured(l)
	w.group(line, func() {
		w.text("cbc:ID", strconv.Itoa(position))
		w.text("cbc:Note", conversion(l.Exchange, d.inv.Currency))
		w.text(quantity, m.quantity.Plain(), "unitCode", m.unit)
		d.money(w, "cbc:LineExtensionAmount", l.Net)
		writePeriod(w, l.ServiceFrom, l.ServiceTo)
		writeItem(w, l, m)
		w.group("cac:Price", func() {
			w.text("cbc:PriceAmount", m.price.Plain(), "currencyID", string(d.inv.Currency))
		})
	})
}

func writeItem(w *writer, l billing.Line, m measure) {
	name := itemName(l)
	w.group("cac:Item", func() {
		if group := oneLine(l.Group); group != name {
			w.text("cbc:Description", group)
		}
		w.text("cbc:Name", name)
		w.group("cac:SellersItemIdentification", func() { w.text("cbc:ID", itemID(l)) })
		writeCategory(w, "cac:ClassifiedTaxCategory", l.Tax, l.TaxRate, exemption{})
		for _, p := range m.properties {
			if p[1] == "" {
				continue
			}
			w.group("cac:AdditionalItemProperty", func() {
				w.text("cbc:Name", p[0])
				w.text("cbc:Value", p[1])
			})
		}
	})
}

// itemName is never blank (BR-25).
func itemName(l billing.Line) string {
	for _, s := range []string{l.Description, l.Group, l.Category, string(l.Kind)} {
		if s = oneLine(s); s != "" {
			return s
		}
	}
	return "Item"
}

func itemID(l billing.Line) string {
	if l.ProductID != "" && l.SkuID != "" {
		return l.ProductID + ":" + l.SkuID
	}
	if l.ProductID != "" {
		return l.ProductID
	}
	return l.ServiceID
}

// conversion says how a line's amount came from another currency; "" when it did not.
func conversion(x *billing.Exchange, to money.Currency) string {
	if x == nil {
		return ""
	}
	s := fmt.Sprintf("converted from %s at %s %s per %s", x.From, x.Rate.Plain(), to, x.From)
	switch source, on := oneLine(x.Source), x.On.String(); {
	case source != "" && on != "":
		return s + " (" + source + ", " + on + ")"
	case source != "" || on != "":
		return s + " (" + source + on + ")"
	}
	return s
}
