package synth

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/period"
)

// azureColumns are those of the Azure plan sheets (billing reference A1).
var azureColumns = strings.Split("ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,Market,Currency,"+
	"UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,MeterIds,MeterType,Tags", ",")

const openSheetEnd = "11/30/9999 11:59:59 PM"

func sheetStart(d period.Date) string { return d.Time().Format("1/2/2006") + " 12:00:00 AM" }

func sheetEnd(d period.Date) string {
	if d.IsZero() {
		return openSheetEnd
	}
	return d.Time().Format("1/2/2006") + " 11:59:59 PM"
}

// consumptionSheet lists every meter but those of the marketplace.
func (b *builder) consumptionSheet() []byte {
	var rows [][]string
	for _, m := range b.meters {
		if m.special == marketplace {
			continue
		}
		tags := "Azure"
		if m.special == thirdParty {
			tags = "Azure,Third party"
		}
		for i, v := range m.prices {
			var till period.Date
			if i+1 < len(m.prices) {
				till = m.prices[i+1].from.AddDays(-1)
			}
			for _, t := range v.tiers {
				rows = append(rows, []string{
					m.category, m.productID, m.skuID, m.sku, m.publisher, m.sku, m.unit, "payG-1", "US", "USD",
					t.price.Plain(), t.from, t.to, sheetStart(v.from), sheetEnd(till), m.id, m.unit, tags,
				})
			}
		}
	}
	return quotedTable(azureColumns, rows)
}

func (b *builder) reservationSheet() []byte {
	p := reservedProduct
	return quotedTable(azureColumns, [][]string{{
		p.title, p.productID, p.skuID, p.sku, microsoft, p.sku, p.unit, "P1Y", "US", "USD",
		b.reservedPrice().Plain(), "", "", sheetStart(always), openSheetEnd, "", p.unit, "Azure,Reservations",
	}})
}

// licenceColumns are those of the new-commerce licence sheet of 2025 (billing reference A2).
var licenceColumns = strings.Split("ChangeIndicator,ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,"+
	"BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment,"+
	"PreviousValues", ",")

func (b *builder) licencePrices() ([]byte, error) {
	var rows [][]string
	for _, row := range b.licences.rows {
		change, previous := "Unchanged", ""
		if row.offer.raised && row.to.IsZero() {
			change, previous = "Change", "{'UnitPrice': '"+row.price.net.Plain()+"'}"
		}
		rows = append(rows, licenceSheetRow(row, change, "License", row.offer.skuID, row.offer.title, previous))
	}
	for _, o := range b.licences.offers {
		for _, currency := range b.Currencies {
			if o.trial {
				free := licenceRow{offer: o, term: term{termMonth, planNone}, currency: currency, segment: commercial, from: licencesAlways}
				rows = append(rows, licenceSheetRow(free, "Add", "License;Trial", trialSKU, o.title+" Trial", ""))
			}
		}
	}
	return table(true, licenceColumns, rows)
}

func licenceSheetRow(row licenceRow, change, tags, sku, title, previous string) []string {
	end := "9999-11-30T23:59:59.0000000Z"
	if !row.to.IsZero() {
		end = row.to.String() + "T23:59:59.0000000Z"
	}
	o := row.offer
	return []string{
		change, title, o.productID, sku, title, "Microsoft Corporation", o.description, "", row.term.duration,
		row.term.plan, "DE", string(row.currency), row.price.net.Plain(), "", "", row.from.String() + "T00:00:00.0000000Z", end, tags,
		row.price.erp.Plain(), row.segment, previous,
	}
}

// rateSheet is the month's exchange rates (billing reference A7).
func rateSheet(rates monthRates, month period.Month) []byte {
	pairs := rates.rows()
	rows := make([][]string, 0, len(pairs))
	for _, pair := range pairs {
		rows = append(rows, []string{pair[0], pair[1], compact(month)})
	}
	return quotedTable([]string{"CurrencyCode", "USDPerUnit", "Month"}, rows)
}

// compact is a month as file names have it.
func compact(m period.Month) string { return strings.ReplaceAll(m.String(), "-", "") }
