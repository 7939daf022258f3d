package ingest

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestReconInGermanStyle(t *testing.T) {
	t.Parallel()
	r := readText(t, "r.csv", "PartnerId;CustomerId;InvoiceNumber;ResellerMPNID;ProductId;SkuId;ChargeType;UnitPrice;Quantity;Subtotal;TaxTotal;Total For Customer;"+
		"Currency;SubscriptionId;ChargeStartDate;ChargeEndDate;ReferenceID\n"+
		"p;c;G1;67890;P;1;new;0,0870;1;2,24;0,56;2,80;DKK;s;3/1/2026;3/31/2026;ref\n")
	if r.source.Kind != KindRecon || len(r.rows) != 1 {
		t.Fatalf("%s, faults %v", r.source.Kind, r.faults)
	}
	has(t, r.rows[0], map[string]string{
		"family": "new-commerce", "reseller_mpn_id": "67890", "unit_price": "0.0870", "total": "2.80",
		"sku_id": "0001", "charge_end": "2026-03-31", "reference_id": "ref",
	})
	if h := r.source.Sniff[r.source.Schema().Index("subtotal")]; h.Style != StyleComma {
		t.Errorf("style is %d, want comma", h.Style)
	}
}

func TestOldSpellingYieldsToTheNewUnlessItIsEmpty(t *testing.T) {
	t.Parallel()
	item := `{"customerId":"c","invoiceNumber":"G1","productId":"P","skuId":"0001","chargeType":"New","unitPrice":1,"quantity":1,"subtotal":1,
"totalForCustomer":1,"currency":"USD","subscriptionId":"s","quoteId":"old","alternateId":"new","providerName":"kept","publisherName":""}`
	r := readText(t, "r.json", `[`+item+`]`)
	if len(r.rows) != 1 {
		t.Fatal(r.faults)
	}
	has(t, r.rows[0], map[string]string{"alternate_id": "new", "publisher_name": "kept"})
}

func TestRowsOfOneLineStayApart(t *testing.T) {
	t.Parallel()
	item := `{"id":"G1","totalCharges":1.50,"currencyCode":"EUR"}`
	r := readText(t, "i.json", `{"items":[`+item+`,`+item+`]}`)
	if !slices.Equal(r.lines, []int64{1, 2}) {
		t.Errorf("lines are %v", r.lines)
	}
	r = readText(t, "i.json", `{"items":[`+item+`,{"totalCharges":1,"currencyCode":"EUR"}]}`)
	equalTexts(t, "faults are where they are", r.faults, "i.json:1:id cell.required")
}

func TestDocumentsWithAmendments(t *testing.T) {
	t.Parallel()
	r := readText(t, "invoice.json", `{
 "id": "G1", "invoiceDate": "0001-01-01T00:00:00", "totalCharges": 68517.550, "currencyCode": "DKK",
 "documentType": "invoice",
 "amendments": [
  {"id": "G2", "totalCharges": -119.38, "currencyCode": "DKK", "amendsOf": "G1", "documentType": "adjustment_note",
   "amendments": [
    {"id": "G3", "totalCharges": "1,234", "currencyCode": "DKK", "amendsOf": "G2"}]},
  {"id": "G4", "totalCharges": 0, "currencyCode": "DKK", "amendsOf": "G1"}
 ]
}`)
	equalTexts(t, "sets", r.sets, "document|G1", "document|G1", "document|G1")
	equalTexts(t, "faults", r.faults, "invoice.json:7:totalCharges number.ambiguous")
	has(t, r.rows[0], map[string]string{"number": "G1", "total_charges": "68517.550", "date": "", "root": "G1"})
	has(t, r.rows[1], map[string]string{"number": "G2", "total_charges": "-119.38", "amends_of": "G1"})
	if !slices.Equal(r.lines, []int64{1, 5, 8}) {
		t.Errorf("lines are %v", r.lines)
	}
}

func TestPriceSheets(t *testing.T) {
	t.Parallel()
	azure := `"ProductTitle","ProductId","SkuId","UnitOfMeasure","TermDuration","Market","Currency","UnitPrice","PricingTierRangeMin","PricingTierRangeMax",` +
		`"EffectiveStartDate","EffectiveEndDate","MeterIds","MeterType","Tags"` + "\n"
	consumption := azure + `"VM","P","006G","1 Hour","payG-1","US","USD","0.5","0","1024","3/1/2026 12:00:00 AM","3/12/2026 11:59:59 PM","m","1 Hour","Azure"` + "\n" +
		`"VM","P","6","1 Hour","payG-1","US","USD","0.4","1025","9223372036854780000","3/13/2026 12:00:00 AM","11/30/9999 11:59:59 PM","m","1 Hour","Azure"` + "\n"
	r := readText(t, "azure_US.csv", consumption)
	equalTexts(t, "sets", r.sets, "price|azure_consumption|US|2026-03", "price|azure_consumption|US|2026-03")
	has(t, r.rows[0], map[string]string{"view": "azure_consumption", "tier_max": "1024", "tier_open": "false", "effective_end": "2026-03-12"})
	has(t, r.rows[1], map[string]string{"sku_id": "0006", "tier_max": "", "tier_open": "true", "effective_end": "9999-11-30"})

	r = readText(t, "sheet_202604.csv", azure+`"RI","P","001F","1 Hour","P1Y","US","USD","1492","","","3/1/2018 12:00:00 AM","11/30/9999 11:59:59 PM","","1 Hour",""`+"\n")
	equalTexts(t, "sets", r.sets, "price|azure_reservations|US|2026-04")

	licence := "ChangeIndicator,ProductId,SkuId,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment\n" +
		"Unchanged,P,1,P1Y,Annual,DE,EUR,108,2020-01-01T00:00:00.0000000Z,9999-11-30T23:59:59.0000000Z,135,Commercial\n" +
		"Delete,P,2,P1Y,Annual,DE,EUR,108,2020-01-01T00:00:00.0000000Z,9999-11-30T23:59:59.0000000Z,135,Commercial\n"
	r = readText(t, "nce.csv", licence)
	equalTexts(t, "sets", r.sets, "price|updatedlicensebased|DE|2020-01")
	has(t, r.rows[0], map[string]string{"erp_price": "135", "tier_open": "true", "segment": "Commercial"})
	equalTexts(t, "dropped", notes(r, NoteDropped), "ChangeIndicator")

	r = readText(t, "software 2026-03.csv", "ProductId,SkuId,TermDuration,Market,Currency,UnitPrice,EffectiveStartDate,ERP Price\nP,0001,,DE,EUR,5,1753-01-01,6\n")
	equalTexts(t, "sets", r.sets, "price|software|DE|2026-03")
	has(t, r.rows[0], map[string]string{"effective_start": "1753-01-01"})

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("inner.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(consumption))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if r = readText(t, "sheet.zip", b.String()); len(r.rows) != 2 || r.source.Packing != PackingZip {
		t.Errorf("zip gave %d rows", len(r.rows))
	}
}

func TestRateCardHasARowForEachStep(t *testing.T) {
	t.Parallel()
	r := readText(t, "card.json", `{"meters":[{"id":"m","name":"Data","rates":{"1024":0.05,"0":0.087},"tags":[],"category":"Networking",
"subcategory":"Out","region":"Zone 1","unit":"GB","includedQuantity":5.0,"effectiveDate":"2015-09-01T00:00:00Z"}],"currency":"USD","locale":"en-US"}`)
	if len(r.rows) != 2 {
		t.Fatalf("%d rows, faults %v", len(r.rows), r.faults)
	}
	equalTexts(t, "sets", r.sets, "price|rate-card|US|2015-09", "price|rate-card|US|2015-09")
	has(t, r.rows[0], map[string]string{"meter_ids": "m", "unit_price": "0.087", "tier_min": "0", "tier_max": "1024", "tier_open": "false", "currency": "USD", "included_quantity": "5.0"})
	has(t, r.rows[1], map[string]string{"unit_price": "0.05", "tier_min": "1024", "tier_max": "", "tier_open": "true"})
}

func TestFX(t *testing.T) {
	t.Parallel()
	header := "\"CurrencyCode\",\"USDPerUnit\",\"Month\"\n"
	r := readText(t, "fxrates_202603.csv", header+"\"AED\",\"0.27224589249009701\",\"2019\"\n\"DKK\",\"0.1692289842147708\",\"202603\"\n")
	equalTexts(t, "sets", r.sets, "fx|2026-03", "fx|2026-03")
	equalTexts(t, "warned", notes(r, NoteMonth), "Month")
	r = readText(t, "rates.csv", header+"\"AED\",\"0.27\",\"2019\"\n")
	equalTexts(t, "faults", r.faults, "rates.csv:2:Month date.invalid")
}

func TestFocus(t *testing.T) {
	t.Parallel()
	header := "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,ChargePeriodEnd," +
		"EffectiveCost,ListCost,InvoiceId,PricingCurrency,x_CustomerId,Id\n"
	r := readText(t, "f.csv", header+
		"8E-7,A,USD,2024-09-01 00:00:00,2024-10-01 00:00:00,Usage,2024-09-18 22:00:00,2024-09-18 23:00:00,0.0,NULL,NULL,Token,C1,9\n"+
		"\"$10,000.00 \",A,USD,5/1/25,6/1/25,Purchase,5/1/25,6/1/25,1,1,INV,USD,null,9\n")
	equalTexts(t, "sets", r.sets, "cost|focus|period|A|2024-09", "cost|focus|invoice|A|INV")
	has(t, r.rows[0], map[string]string{
		"source": "focus", "billed_cost": "0.0000008", "list_cost": "", "charge_start": "2024-09-18", "charge_end": "2024-09-18",
		"charge_period_end": "2024-09-18T23:00:00Z", "billing_period_end": "2024-10-01", "pricing_currency": "Token", "customer_id": "c1",
	})
	has(t, r.rows[1], map[string]string{"billed_cost": "10000.00", "charge_start": "2025-05-01", "charge_end": "2025-05-31", "customer_id": ""})
	mended := notes(r, NoteMended)
	for _, c := range []string{"BilledCost", "ListCost", "InvoiceId", "ChargePeriodStart"} {
		if !slices.Contains(mended, c) {
			t.Errorf("mending %s is not told, only %v", c, mended)
		}
	}
}

func TestCostManagementExportForPartners(t *testing.T) {
	t.Parallel()
	header := "invoiceId,billingAccountId,partnerTenantId,resellerMpnId,customerTenantId,customerName,billingPeriodEndDate,billingPeriodStartDate," +
		"servicePeriodEndDate,servicePeriodStartDate,date,serviceFamily,meterId,meterName,meterCategory,ProductId,SubscriptionId,publisherName,ResourceId,location," +
		"effectivePrice,quantity,unitOfMeasure,chargeType,billingCurrency,pricingCurrency,costInBillingCurrency,costInPricingCurrency,paygCostInBillingCurrency," +
		"exchangeRatePricingToBilling,exchangeRateDate,tags,partnerEarnedCreditRate,partnerEarnedCreditApplied,PayGPrice,PricingModel,unitPrice,benefitId\n"
	r := readText(t, "export_actual.csv", header+
		"G1,B1,P1,0,ABC,Contoso,2026-03-31,2026-03-01,2026-03-31,2026-03-01,2026-03-05,Compute,m,D2,Virtual Machines,DZH,sub,Microsoft,/r,EU West,"+
		"0.442,24,1 Hour,Usage,EUR,USD,8.93,10.608,10.51,0.842386466,2026-03-01,\"{\"\"env\"\":\"\"prod\"\"}\",0.15,True,0.52,OnDemand,0.52,\n")
	if r.source.Kind != KindCost || r.source.Variant != "actual" || len(r.rows) != 1 {
		t.Fatalf("%s %s, faults %v", r.source.Kind, r.source.Variant, r.faults)
	}
	equalTexts(t, "sets", r.sets, "cost|cost-export|invoice|B1|G1")
	has(t, r.rows[0], map[string]string{
		"customer_id": "abc", "reseller_mpn_id": "", "billed_cost": "8.93", "effective_cost": "8.93", "list_cost": "10.51",
		"list_unit_price": "0.52", "charge_start": "2026-03-05", "charge_end": "2026-03-05", "charge_period_end": "2026-03-06T00:00:00Z",
		"billing_period_end": "2026-04-01", "charge_category": "Usage", "pec_rate": "0.15", "pec_applied": "true", "service_name": "Virtual Machines",
		"sub_account_id": "sub", "effective_unit_price": "0.442", "tags": `{"env":"prod"}`,
	})
}

func TestLegacyLines(t *testing.T) {
	t.Parallel()
	licence := `{"customerId":"C","mpnId":1,"tier2MpnId":-1,"subscriptionId":"s","syndicationPartnerSubscriptionNumber":"n","offerId":"o","durableOfferId":"d",
"offerName":"Suite","billingCycleType":"MONTHLY","chargeStartDate":"2017-05-13T00:00:00","chargeEndDate":"2017-06-09T00:00:00","chargeType":"New",
"unitPrice":5.0,"quantity":2,"subtotal":10.0,"tax":1.9,"totalForCustomer":11.9,"currency":"USD","attributes":{"objectType":"LicenseBasedLineItem"}}`
	r := readText(t, "l.json", `{"items":[`+licence+`],"links":{"self":{"uri":"/invoices/D0200/lineitems?provider=Office"}}}`)
	equalTexts(t, "sets", r.sets, "recon-legacy-licence|D0200")
	has(t, r.rows[0], map[string]string{"family": "legacy-licence", "product_id": "d", "offer_id": "o", "alternate_id": "n", "total": "11.9", "invoice_number": "D0200", "reseller_mpn_id": ""})

	usage := `{"sku":"7UD-00001","includedQuantity":0,"overageQuantity":745,"listPrice":0.085,"currency":"USD","pretaxCharges":63.33,"taxAmount":6.34,
"postTaxTotal":69.67,"chargeType":"Assess usage fee for current cycle","customerId":"C","invoiceNumber":"D1","subscriptionId":"s","resourceGuid":"m",
"consumedQuantity":745,"unit":"1 Hour","attributes":{"objectType":"UsageBasedLineItem"}}`
	r = readText(t, "u.json", `{"items":[`+usage+`]}`)
	equalTexts(t, "sets", r.sets, "recon-legacy-usage|D1")
	has(t, r.rows[0], map[string]string{"family": "legacy-usage", "subtotal": "63.33", "meter_id": "m", "billable_quantity": "745", "unit_type": "1 Hour"})

	daily := `{"usageDate":"2019-08-05T00:00:00","customerId":"C","invoiceNumber":"D1","subscriptionId":"s","resourceGuid":"m","consumedQuantity":2.9616,"unit":"10K"}`
	r = readText(t, "d.json", `{"items":[`+daily+`]}`)
	equalTexts(t, "sets", r.sets, "recon-legacy-daily|D1")
	has(t, r.rows[0], map[string]string{"family": "legacy-daily", "quantity": "2.9616", "usage_date": "2019-08-05", "total": ""})
}

func TestFilesWithoutCharges(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"summary":        `{"items":[{"balanceAmount":1,"currencyCode":"GBP","accountingDate":"2018-03-16T00:00:00","attributes":{"objectType":"InvoiceSummary"}}]}`,
		"estimate links": `{"items":[{"type":"daily_rated_usage","title":"t","period":"Current","link":{"uri":"/x"}}]}`,
		"an empty page":  `{"totalCount":0,"items":[]}`,
	} {
		r := readText(t, "x.json", content)
		if r.source.Kind != KindNone || len(r.rows) != 0 || len(notes(r, NoteNoCharges)) != 1 {
			t.Errorf("%s: %s with %d rows", name, r.source.Kind, len(r.rows))
		}
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	read := func(content string) (Manifest, error) {
		s, err := Inspect(t.Context(), write(t, "m.json", content))
		if err != nil {
			t.Fatal(err)
		}
		return s.Manifest()
	}
	m, err := read(`{"id":"1","eTag":"e","blobCount":2,"blobs":[{"name":"a.gz"},{"name":"b.gz"}]}`)
	if err != nil || len(m.Blobs) != 2 || m.Blobs[1].Name != "b.gz" || m.ETag != "e" {
		t.Errorf("got %+v, %v", m, err)
	}
	_, err = read(`{"id":"1","eTag":"e","blobCount":3,"blobs":[{"name":"a.gz"},{"name":""}]}`)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want a count and a blob without a name", err)
	}
	m, err = read(`{"id":"1","eTag":"e","blobCount":2,"blobs":[{"name":"a.gz"},{"name":"a.gz"}]}`)
	if err != nil || len(m.Blobs) != 1 || !slices.Equal(m.Twice, []string{"a.gz"}) {
		t.Errorf("got %+v, %v, want one blob that is listed twice", m, err)
	}
	m, err = read(`{"status":"succeeded","resourceLocation":{"eTag":"e","blobCount":1,"blobs":[{"name":"a.gz"}]}}`)
	if err != nil || len(m.Blobs) != 1 {
		t.Errorf("got %+v, %v, want the manifest within the operation", m, err)
	}
	if _, err = read(`{"status":"running","resourceLocation":null}`); err == nil {
		t.Error("an operation without a manifest is taken")
	}
}

func TestMonthInName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fxrates_202603.csv": "2026-03", "prices-2026-04.csv": "2026-04", "sheet_20260401.csv": "2026-04", "nce_licensebased_DE.csv": "",
		"G202603123456.csv": "", "x_202613.csv": "", "Nov_2025.csv": "", "2026_03_DE.csv": "2026-03", "202603": "2026-03",
	} {
		if got := monthInName(name); got.String() != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestKindsOfATableShareColumns(t *testing.T) {
	t.Parallel()
	names := make(map[string][]string)
	for _, k := range []Kind{KindUsage, KindRecon, KindLegacyLicence, KindLegacyUsage, KindLegacyDaily, KindPrice, KindRateCard, KindFX, KindDocument, KindFocus, KindCost} {
		s := SchemaOf(k)
		var list []string
		for _, c := range s.Columns {
			list = append(list, c.Name)
		}
		if sorted := slices.Compact(slices.Sorted(slices.Values(list))); len(sorted) != len(list) {
			t.Errorf("%s has a column twice", k)
		}
		if known := names[s.Table]; known != nil {
			equalTexts(t, string(k), list, known...)
		}
		names[s.Table] = list
	}
	if len(names[TableUsage]) != 55 {
		t.Errorf("usage has %d columns", len(names[TableUsage]))
	}
}
