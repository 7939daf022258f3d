package synth

import (
	"encoding/json"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// invoiceJSON is an invoice as the service describes it (billing reference A6); a credit note is an amendment (D07).
type invoiceJSON struct {
	ID                     string          `json:"id"`
	InvoiceDate            string          `json:"invoiceDate"`
	BillingPeriodStartDate string          `json:"billingPeriodStartDate"`
	BillingPeriodEndDate   string          `json:"billingPeriodEndDate"`
	TotalCharges           json.Number     `json:"totalCharges"`
	PaidAmount             json.Number     `json:"paidAmount"`
	CurrencyCode           money.Currency  `json:"currencyCode"`
	CurrencySymbol         string          `json:"currencySymbol"`
	InvoiceDetails         []invoiceDetail `json:"invoiceDetails"`
	DocumentType           string          `json:"documentType"`
	InvoiceType            string          `json:"invoiceType"`
	AmendsOf               string          `json:"amendsOf,omitempty"`
	Amendments             []invoiceJSON   `json:"amendments,omitempty"`
}

type invoiceDetail struct {
	Type     string `json:"invoiceLineItemType"`
	Provider string `json:"billingProvider"`
}

func instant(d period.Date) string { return d.String() + "T00:00:00Z" }

// invoicedOn is the day on which Microsoft writes its documents (B7).
func invoicedOn(m period.Month) period.Date { return m.Add(1).First().AddDays(7) }

func (inv *invoice) json() ([]byte, error) {
	docs := inv.documents()
	doc := inv.describe(docs[0])
	for _, note := range docs[1:] {
		doc.Amendments = append(doc.Amendments, inv.describe(note))
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write invoice %s: %w", inv.number, err)
	}
	return append(text, '\n'), nil
}

func (inv *invoice) describe(d document) invoiceJSON {
	kind := "invoice"
	if d.amends != "" {
		kind = "adjustment_note"
	}
	return invoiceJSON{
		ID: d.number, InvoiceDate: instant(invoicedOn(inv.period)), BillingPeriodStartDate: instant(inv.period.First()),
		BillingPeriodEndDate: instant(inv.period.Last()), TotalCharges: json.Number(d.total().Plain()), PaidAmount: "0",
		CurrencyCode: inv.currency, CurrencySymbol: inv.market.symbol,
		InvoiceDetails: []invoiceDetail{{"billing_line_items", "one_time"}, {"usage_line_items", "one_time"}},
		DocumentType:   kind, InvoiceType: "OneTime", AmendsOf: d.amends,
	}
}

// manifestJSON names the blobs of an export.
type manifestJSON struct {
	ID              string         `json:"id"`
	SchemaVersion   string         `json:"schemaVersion"`
	DataFormat      string         `json:"dataFormat"`
	CreatedDateTime string         `json:"createdDateTime"`
	ETag            string         `json:"eTag"`
	PartnerTenantID string         `json:"partnerTenantId"`
	RootDirectory   string         `json:"rootDirectory"`
	SasToken        string         `json:"sasToken"`
	PartitionType   string         `json:"partitionType"`
	BlobCount       int            `json:"blobCount"`
	Blobs           []manifestBlob `json:"blobs"`
}

type manifestBlob struct {
	Name           string `json:"name"`
	PartitionValue string `json:"partitionValue"`
}

func (inv *invoice) manifest(r *random, blob string) ([]byte, error) {
	text, err := json.MarshalIndent(manifestJSON{
		ID: r.guid(), SchemaVersion: "2", DataFormat: "compressedJSONLines",
		CreatedDateTime: instant(invoicedOn(inv.period)), ETag: r.guid(), PartnerTenantID: larkspur.id, PartitionType: "default",
		BlobCount: 1, Blobs: []manifestBlob{{blob, "default"}},
	}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest of %s: %w", inv.number, err)
	}
	return append(text, '\n'), nil
}
