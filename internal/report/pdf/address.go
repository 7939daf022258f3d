package pdf

import (
	"strings"

	"golang.org/x/text/language"
	countries "golang.org/x/text/language/display"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// address is a postal address as lines: the postal code before the town, but behind the region where it is written so.
func address(a billing.Address) []string {
	town, region := strings.TrimSpace(a.PostalCode+" "+a.City), a.Region
	switch a.Country {
	case "US", "CA", "AU":
		town = strings.TrimSpace(strings.Join(filled(a.City, a.Region), ", ") + " " + a.PostalCode)
		region = ""
	}
	return filled(a.Street, a.Additional, town, region, country(a.Country))
}

// country is the English name of a country code, or the code where it has none.
func country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if n := countries.English.Regions().Name(r); n != "" {
		return n
	}
	return code
}
