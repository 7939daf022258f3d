package synth

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// usageColumns are the 55 of the portal's daily-rated usage, in its order (billing reference A4).
var usageColumns = strings.Split("PartnerId,PartnerName,CustomerId,CustomerName,CustomerDomainName,CustomerCountry,MpnId,Tier2MpnId,"+
	"InvoiceNumber,ProductId,SkuId,AvailabilityId,SkuName,ProductName,PublisherName,PublisherId,SubscriptionDescription,SubscriptionId,"+
	"ChargeStartDate,ChargeEndDate,UsageDate,MeterType,MeterCategory,MeterId,MeterSubCategory,MeterName,MeterRegion,Unit,ResourceLocation,"+
	"ConsumedService,ResourceGroup,ResourceURI,ChargeType,UnitPrice,Quantity,UnitType,BillingPreTaxTotal,BillingCurrency,PricingPreTaxTotal,"+
	"PricingCurrency,ServiceInfo1,ServiceInfo2,Tags,AdditionalInfo,EffectiveUnitPrice,PCToBCExchangeRate,PCToBCExchangeRateDate,EntitlementId,"+
	"EntitlementDescription,PartnerEarnedCreditPercentage,CreditPercentage,CreditType,BenefitOrderId,BenefitId,BenefitType", ",")

var usageAliases = map[string]string{"MpnId": "MPNID", "Tier2MpnId": "ResellerMPNID"}

// cell is a value that knows what it is, for the two formats to write.
type cell struct {
	text   string
	number money.Decimal
	date   period.Date
	kind   cellKind
}

type cellKind int

const (
	textCell cellKind = iota
	numberCell
	dateCell
	guidCell
)

func text(s string) cell          { return cell{text: s} }
func ident(s string) cell         { return cell{text: s, kind: guidCell} }
func num(d money.Decimal) cell    { return cell{number: d, kind: numberCell} }
func date(d period.Date) cell     { return cell{date: d, kind: dateCell} }
func percent(on bool, n int) cell { return num(money.FromInt(int64(n) * int64(one0(on)))) }

func one0(on bool) int {
	if on {
		return 1
	}
	return 0
}

// usageCells are a row's values in the columns' order.
func (u *usageRow) usageCells() []cell {
	p, m, k, e, inv := u.plan, u.meter, u.plan.customer, u.entitlement, u.plan.invoice
	month := u.date.Month()
	publisherID, creditType := m.publisherID, ""
	if u.credited {
		creditType = "Azure Credit Applied"
	}
	return []cell{
		text(larkspur.id), text(larkspur.name), ident(k.id), text(k.name), text(k.domain), text(k.country), text(larkspur.mpn), text(p.reseller),
		text(inv.number), text(m.productID), text(m.skuID), text(m.availabilityID), text(m.sku), text(m.category), text(m.publisher), text(publisherID),
		text(kindAzure), text(p.id), date(month.First()), date(month.Add(1).First()), date(u.date), text(m.unit), text(m.category), text(m.id),
		text(m.category), text(m.sku), text(m.region), text(m.unit), text(location(m.region)), text(m.service), text(m.group), text(u.uri()),
		text("new"), num(u.unitPrice), num(u.quantity), text(m.unit), num(u.billing()), text(string(inv.currency)), num(u.pricing()), text("USD"),
		text(""), text(""), text(u.resource.tags), text(`{"ServiceType":"` + m.prefix + `"}`), num(u.eup), num(inv.rate), date(inv.rateDate),
		ident(e.id), text(e.name), percent(u.pec, 15), percent(u.credited, 100), text(creditType), text(u.benefit.orderID), text(u.benefit.id),
		text(u.benefit.kind),
	}
}

// location is a region's name in the form of ResourceLocation.
func location(region string) string { return strings.ToUpper(strings.ReplaceAll(region, " ", "")) }

// arranged are the rows in the order of the files.
func (s speller) arranged(rows []*usageRow) []*usageRow {
	rows = slices.Clone(rows)
	if s.mixed {
		s.r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	return rows
}

// usageCSV is the portal's file.
func (s speller) usageCSV(rows []*usageRow) ([]byte, error) {
	lines := make([][]string, 0, len(rows))
	for _, u := range s.arranged(rows) {
		line := make([]string, 0, len(usageColumns)+1)
		for _, c := range u.usageCells() {
			line = append(line, s.usageText(c))
		}
		if s.extraColumn {
			line = append(line, "n/a")
		}
		lines = append(lines, line)
	}
	return s.table(usageColumns, usageAliases, lines)
}

// usageText is a cell of the CSV.
func (s speller) usageText(c cell) string {
	s.comma, s.thousands = s.commaUsage, false
	switch c.kind {
	case numberCell:
		return s.number(c.number)
	case dateCell:
		return s.day(c.date, "T00:00:00Z")
	case guidCell:
		return s.guid(c.text)
	default:
		return c.text
	}
}

// usageJSON is the Graph export: one object a line, compressed. It has no date of the exchange rate (A4).
func (s speller) usageJSON(rows []*usageRow) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	for _, u := range s.arranged(rows) {
		var line bytes.Buffer
		for i, c := range u.usageCells() {
			if usageColumns[i] == "PCToBCExchangeRateDate" {
				continue
			}
			if err := s.member(&line, usageColumns[i], c); err != nil {
				return nil, err
			}
		}
		if _, err := fmt.Fprintf(zip, "{%s}\n", line.Bytes()); err != nil {
			return nil, fmt.Errorf("compress usage: %w", err)
		}
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("compress usage: %w", err)
	}
	return out.Bytes(), nil
}

// member writes one member of an object.
func (s speller) member(out *bytes.Buffer, name string, c cell) error {
	value := c.text
	switch {
	case c.kind == dateCell:
		value = c.date.String() + "T00:00:00Z"
	case c.kind == numberCell && s.textNumbers:
		value = c.number.Plain()
	}
	if out.Len() > 0 {
		out.WriteString(", ")
	}
	fmt.Fprintf(out, "%q: ", name)
	if c.kind == numberCell && !s.textNumbers {
		out.WriteString(c.number.Plain())
		return nil
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("encode usage: %w", err)
	}
	out.Truncate(out.Len() - 1) // the encoder's line break
	return nil
}
