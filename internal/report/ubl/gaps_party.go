package ubl

import (
	"regexp"
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// party checks what every party needs: a name, a country, and an address in the network.
func (g *gaps) party(place string, p billing.Party) {
	g.need(legalName(p), place+"/name", "a party needs its legal name (BR-06, BR-07)")
	switch c := country(p); {
	case c == "":
		g.add(codeMissing, place+"/address/country", "a postal address needs its country (BR-09, BR-11)")
	case !listed(countries, c):
		g.add(codeMalformed, place+"/address/country", "%q is no ISO 3166-1 country code (BR-CL-14)", c)
	}
	g.need(p.EndpointID, place+"/endpointId", "a party needs its electronic address (PEPPOL-EN16931-R010, R020)")
	switch {
	case p.EndpointScheme == "":
		g.add(codeMissing, place+"/endpointScheme", "an electronic address needs its scheme, such as 0088 or 9930 (BR-62, BR-63)")
	case !listed(schemes, p.EndpointScheme):
		g.add(codeMalformed, place+"/endpointScheme", "%q is no scheme of electronic addresses (BR-CL-25)", p.EndpointScheme)
	case compact(p.EndpointID) != "" && !wellFormed(p.EndpointScheme, compact(p.EndpointID)):
		g.add(codeMalformed, place+"/endpointId", "%q is no number of scheme %s", p.EndpointID, p.EndpointScheme)
	}
	if id, scheme := companyID(p); id != "" && !wellFormed(scheme, id) {
		g.add(codeMalformed, place+"/companyId", "%q is no number of scheme %s", p.CompanyID, scheme)
	}
}

// taxIDs checks the identifiers that the lines' VAT categories ask for.
func (g *gaps) taxIDs(d document) {
	seller, buyer := d.inv.Seller, d.inv.Buyer
	used := map[billing.TaxCategory]bool{}
	for _, l := range d.lines {
		used[l.Tax] = true
	}
	if d.outOfScope {
		g.need(seller.CompanyID, "/seller/companyId", "out of the scope of VAT no VAT id may stand, so the seller needs its legal registration (BR-CO-26)")
		return
	}
	g.need(seller.VATID, "/seller/vatId", "the seller needs its VAT id (BR-S-02 and its like)")
	g.vatPrefix("/seller/vatId", seller)
	g.vatPrefix("/buyer/vatId", buyer)
	if used[billing.TaxIntraEU] {
		g.need(buyer.VATID, "/buyer/vatId", "an intra-Community supply needs the buyer's VAT id (BR-IC-02)")
	} else if used[billing.TaxReverseCharge] {
		g.need(buyer.VATID+buyer.CompanyID, "/buyer/vatId", "reverse charge needs the buyer's VAT id or legal registration (BR-AE-02)")
	}
}

func (g *gaps) vatPrefix(place string, p billing.Party) {
	if id := vatID(p); id != "" && !listed(countries+" EL", vatCountry(p)) {
		g.add(codeMalformed, place, "VAT id %q does not start with a country code (BR-CO-09)", id)
	}
}

// vatCountry is the VAT id's prefix, by which some national rules tell the seller's country.
func vatCountry(p billing.Party) string { return vatID(p)[:min(2, len(vatID(p)))] }

var (
	norwegianVAT = regexp.MustCompile(`^NO\d{9}MVA$`)
	swedishVAT   = regexp.MustCompile(`^SE\d{12}$`)
)

// national checks the rules that Peppol adds for single countries.
func (g *gaps) national(d document) {
	seller, buyer := d.inv.Seller, d.inv.Buyer
	switch country(seller) {
	case "DE":
		if domestic(d, "DE") {
			g.german(seller, buyer)
		}
	case "DK":
		g.need(seller.CompanyID, "/seller/companyId", "a Danish seller needs its CVR number (DK-R-002)")
	case "NL":
		g.address("/seller", seller.Address, true, "NL-R-002")
		if domestic(d, "NL") {
			g.address("/buyer", buyer.Address, true, "NL-R-004")
		}
	case "IS":
		g.icelandic(d)
	case "SE":
		g.swedish(d)
	}
	home := country(seller)
	if !d.outOfScope && seller.VATID != "" {
		home = vatCountry(seller)
	}
	switch home {
	case "IT":
		g.address("/seller", seller.Address, true, "IT-R-002 to IT-R-004")
	case "NO":
		if id := vatID(seller); !d.outOfScope && id != "" && (!norwegianVAT.MatchString(id) || !norwegian(id[2:11])) {
			g.add(codeMalformed, "/seller/vatId", "a Norwegian VAT id is NO, nine digits and MVA (NO-R-001)")
		}
	case "GR", "EL":
		g.add(codeUnsupported, "/seller/vatId", "Greek sellers need myDATA marks, which are not supported (GR-R-004)")
	}
}

func (g *gaps) address(place string, a billing.Address, street bool, rule string) {
	if street {
		g.need(a.Street, place+"/address/street", "the address needs its street ("+rule+")")
	}
	g.need(a.City, place+"/address/city", "the address needs its city ("+rule+")")
	g.need(a.PostalCode, place+"/address/postalCode", "the address needs its postal code ("+rule+")")
}

func (g *gaps) german(seller, buyer billing.Party) {
	g.address("/seller", seller.Address, false, "DE-R-003, DE-R-004")
	g.address("/buyer", buyer.Address, false, "DE-R-008, DE-R-009")
	g.need(seller.Contact.Name, "/seller/contact/name", "between German parties the seller names a contact (DE-R-005)")
	g.need(seller.Contact.Phone, "/seller/contact/phone", "between German parties the seller's contact has a telephone number (DE-R-006)")
	g.need(seller.Contact.Email, "/seller/contact/email", "between German parties the seller's contact has an e-mail address (DE-R-007)")
}

// icelandic is called for an Icelandic seller; its buyer counts only when it is Icelandic too.
func (g *gaps) icelandic(d document) {
	for i, p := range []billing.Party{d.inv.Seller, d.inv.Buyer} {
		if country(p) != "IS" {
			continue
		}
		place := []string{"/seller", "/buyer"}[i]
		g.need(p.CompanyID, place+"/companyId", "Icelandic parties need their kennitala (IS-R-002, IS-R-004)")
		g.need(p.Address.Street, place+"/address/street", "Icelandic addresses need their street (IS-R-003, IS-R-005)")
		g.need(p.Address.PostalCode, place+"/address/postalCode", "Icelandic addresses need their postal code (IS-R-003, IS-R-005)")
	}
}

func (g *gaps) swedish(d document) {
	seller := d.inv.Seller
	if id, _ := companyID(seller); id != "" && !wellFormed("0007", id) {
		g.add(codeMalformed, "/seller/companyId", "%q is no Swedish organisation number (SE-R-003 to SE-R-013)", seller.CompanyID)
	}
	if d.outOfScope || !strings.HasPrefix(vatID(seller), "SE") {
		return
	}
	if !swedishVAT.MatchString(vatID(seller)) {
		g.add(codeMalformed, "/seller/vatId", "a Swedish VAT id is SE and twelve digits (SE-R-001, SE-R-002)")
	}
	for i, l := range d.lines {
		if l.Tax == billing.TaxStandard && !listed("6 12 25", l.TaxRate.Plain()) {
			g.add(codeMalformed, d.place(i, "tax_rate"), "Swedish VAT rates are 6, 12 and 25, not %s (SE-R-006)", l.TaxRate.Plain())
		}
	}
}
