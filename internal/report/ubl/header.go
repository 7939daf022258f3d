package ubl

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// writeHeader writes everything above the parties. A credit note has no due date here: it stands with the payment.
func writeHeader(w *writer, d document) {
	inv := d.inv
	w.text("cbc:CustomizationID", customization)
	w.text("cbc:ProfileID", process)
	w.text("cbc:ID", inv.Number)
	w.text("cbc:IssueDate", inv.IssuedOn.String())
	if d.credit {
		w.text("cbc:CreditNoteTypeCode", "381")
	} else {
		w.text("cbc:DueDate", inv.DueOn.String())
		w.text("cbc:InvoiceTypeCode", "380")
	}
	w.text("cbc:Note", note(inv))
	w.text("cbc:DocumentCurrencyCode", string(inv.Currency))
	w.text("cbc:BuyerReference", oneLine(inv.BuyerReference))
	writePeriod(w, d.from, d.to)
	w.group("cac:OrderReference", func() { w.text("cbc:ID", oneLine(inv.OrderReference)) })
	if inv.Corrects != nil && inv.Corrects.Number != "" {
		w.group("cac:BillingReference", func() {
			w.group("cac:InvoiceDocumentReference", func() {
				w.text("cbc:ID", inv.Corrects.Number)
				w.text("cbc:IssueDate", inv.Corrects.IssuedOn.String())
			})
		})
	}
}

// note joins all that is said on the document into the one note that Peppol allows (PEPPOL-EN16931-R002).
func note(inv billing.Invoice) string {
	var parts []string
	if inv.Estimate {
		parts = append(parts, "Estimate: rated from usage before the reconciliation arrived.")
	}
	parts = append(parts, inv.Reason)
	parts = append(parts, inv.Notes...)
	if inv.ResellerMpnID != "" {
		parts = append(parts, "Reseller of record: "+inv.ResellerMpnID)
	}
	var said []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n")
}

func writePeriod(w *writer, from, to period.Date) {
	w.group("cac:InvoicePeriod", func() {
		w.text("cbc:StartDate", from.String())
		w.text("cbc:EndDate", to.String())
	})
}

// writePayment writes means and terms. The seller's account stands on a credit note too, as in Peppol's own example.
func writePayment(w *writer, d document) {
	bank := d.inv.Bank
	if account := strings.ToUpper(compact(bank.IBAN)); account != "" {
		w.group("cac:PaymentMeans", func() {
			w.text("cbc:PaymentMeansCode", meansCode(d.inv, account))
			if d.credit {
				w.text("cbc:PaymentDueDate", d.inv.DueOn.String())
			}
			w.text("cbc:PaymentID", d.inv.Number)
			w.group("cac:PayeeFinancialAccount", func() {
				w.text("cbc:ID", account)
				w.text("cbc:Name", oneLine(bank.AccountName))
				w.group("cac:FinancialInstitutionBranch", func() { w.text("cbc:ID", strings.ToUpper(compact(bank.BIC))) })
			})
		})
	}
	w.group("cac:PaymentTerms", func() { w.text("cbc:Note", d.inv.Terms) })
}

// meansCode is a UNCL4461 code: 58 for a SEPA transfer, 30 for another; Danish sellers may not say 30 to Danish buyers
// and use 31 with the bank's code (DK-R-005, DK-R-006).
func meansCode(inv billing.Invoice, account string) string {
	switch {
	case inv.Currency == "EUR" && plausibleIBAN(account):
		return "58"
	case country(inv.Seller) == "DK" && country(inv.Buyer) == "DK":
		return "31"
	default:
		return "30"
	}
}
