package focus

import (
	"regexp"
	"strings"
)

// unitWords is a unit of size, time or count.
const unitWords = `[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*`

// unitFormat is FOCUS 1.2's UnitFormat: unit, unit-times, unit/time, count units, units/count times.
var unitFormat = regexp.MustCompile(`^(?:[0-9]+ )?` + unitWords + `$|` +
	`^` + unitWords + `-(?:Years|Months|Days|Hours|Minutes|Seconds)$|` +
	`^` + unitWords + `/(?:Year|Month|Day|Hour|Minute|Second)$|` +
	`^` + unitWords + `/[0-9]+ (?:Years|Months|Days|Hours|Minutes|Seconds)$`)

// unit words a unit of Microsoft's as UnitFormat asks: "1 GB/Month" is "GB/Month", "10,000 Requests" loses its comma,
// "10 GB/Month" its stroke. What has no form is counted in "Units".
func unit(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, ",", "")), " ")
	plain := strings.NewReplacer("/", " ", "-", " ", "(", "", ")", "").Replace(s)
	for _, u := range []string{strings.TrimPrefix(s, "1 "), plain} {
		if unitFormat.MatchString(u) {
			return u
		}
	}
	return "Units"
}
