package ubl

import "strings"

// unitCodes are the UN/ECE Recommendation 20 codes of the units that Microsoft and value-added services count in.
// Units that are no plain unit there (a gigabyte-month, a pack of 10K) have none.
var unitCodes = map[string]string{
	"": "C62", "unit": "C62", "each": "C62", "piece": "C62", "item": "C62", "seat": "C62", "license": "C62", "licence": "C62",
	"user": "C62", "count": "C62",
	"second": "SEC", "minute": "MIN", "hour": "HUR", "hr": "HUR", "h": "HUR", "day": "DAY", "week": "WEE",
	"month": "MON", "year": "ANN",
	"byte": "AD", "kb": "2P", "mb": "4L", "gb": "E34", "tb": "E35", "kwh": "KWH",
}

// exactPieces are the units that C62 says in full.
var exactPieces = map[string]bool{"": true, "unit": true, "each": true, "piece": true, "item": true}

// unitCode is the code of a unit's text such as "1 Hour", "GB" or "months"; C62 (one) when it has none. exact says
// that the code alone tells the unit, so that its text need not stand beside it.
func unitCode(unit string) (code string, exact bool) {
	u := strings.ToLower(oneLine(unit))
	if rest, ok := strings.CutPrefix(u, "1 "); ok || u == "1" {
		u = strings.TrimPrefix(rest, "1")
	}
	code, known := unitCodes[u]
	if !known {
		u = strings.TrimSuffix(u, "s")
		code, known = unitCodes[u]
	}
	if !known {
		return "C62", false
	}
	return code, code != "C62" || exactPieces[u]
}
