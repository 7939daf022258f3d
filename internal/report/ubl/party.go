package ubl

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// writeParty writes a seller or a buyer. withVAT is false on documents out of the scope of VAT, which must not name
// a VAT id (BR-O-02).
func writeParty(w *writer, role string, p billing.Party, withVAT bool) {
	w.group(role, func() {
		w.group("cac:Party", func() {
			w.text("cbc:EndpointID", compact(p.EndpointID), "schemeID", p.EndpointScheme)
			w.group("cac:PartyName", func() { w.text("cbc:Name", oneLine(p.Name)) })
			writeAddress(w, "cac:PostalAddress", p.Address)
			if withVAT && compact(p.VATID) != "" {
				w.group("cac:PartyTaxScheme", func() {
					w.text("cbc:CompanyID", vatID(p))
					writeScheme(w)
				})
			}
			w.group("cac:PartyLegalEntity", func() {
				w.text("cbc:RegistrationName", legalName(p))
				id, scheme := companyID(p)
				w.text("cbc:CompanyID", id, "schemeID", scheme)
			})
			w.group("cac:Contact", func() {
				w.text("cbc:Name", oneLine(p.Contact.Name))
				w.text("cbc:Telephone", oneLine(p.Contact.Phone))
				w.text("cbc:ElectronicMail", oneLine(p.Contact.Email))
			})
		})
	})
}

func writeAddress(w *writer, name string, a billing.Address) {
	w.group(name, func() {
		w.text("cbc:StreetName", oneLine(a.Street))
		w.text("cbc:AdditionalStreetName", oneLine(a.Additional))
		w.text("cbc:CityName", oneLine(a.City))
		w.text("cbc:PostalZone", oneLine(a.PostalCode))
		w.text("cbc:CountrySubentity", oneLine(a.Region))
		w.group("cac:Country", func() { w.text("cbc:IdentificationCode", strings.ToUpper(compact(a.Country))) })
	})
}

// writeDelivery names the country to which an intra-Community supply goes (BR-IC-12): the buyer's.
func writeDelivery(w *writer, d document) {
	for _, l := range d.lines {
		if l.Tax != billing.TaxIntraEU {
			continue
		}
		w.group("cac:Delivery", func() {
			w.group("cac:DeliveryLocation", func() { writeAddress(w, "cac:Address", d.inv.Buyer.Address) })
		})
		return
	}
}

func writeScheme(w *writer) {
	w.group("cac:TaxScheme", func() { w.text("cbc:ID", "VAT") })
}

func legalName(p billing.Party) string {
	if n := oneLine(p.LegalName); n != "" {
		return n
	}
	return oneLine(p.Name)
}

func country(p billing.Party) string { return strings.ToUpper(compact(p.Address.Country)) }

func vatID(p billing.Party) string { return strings.ToUpper(compact(p.VATID)) }

// companyID is the legal registration and, where a country's rules ask for one, its ICD scheme: Danish CVR
// (DK-R-014), Dutch KVK or OIN (NL-R-003), Icelandic kennitala (IS-R-004). Swedish numbers lose their hyphen
// (SE-R-003).
func companyID(p billing.Party) (id, scheme string) {
	id = oneLine(p.CompanyID)
	if id == "" {
		return "", ""
	}
	switch country(p) {
	case "DK":
		return compact(id), "0184"
	case "NL":
		if id = compact(id); len(id) == 20 {
			return id, "0190"
		}
		return id, "0106"
	case "IS":
		return compact(id), "0196"
	case "SE":
		return strings.ReplaceAll(compact(id), "-", ""), ""
	}
	return id, ""
}
