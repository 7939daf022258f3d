package synth

import "github.com/chandler-csp/chandler/internal/core/money"

var fullDay = money.FromInt(24)

// quantity is what a resource uses of a meter on a day of a month with so many days.
func (m *meter) quantity(r *random, days int) money.Decimal {
	switch m.use {
	case hours:
		if r.chance(55) {
			return fullDay
		}
		return r.decimal(1, 24, 6)
	case share:
		return quotientTo(one, money.FromInt(int64(days)), 6)
	case gigabytes:
		return r.decimal(1, 9, 3)
	case operations:
		return r.decimal(0, 1, 6)
	case trace:
		return money.New(int64(r.between(160, 164)), -6)
	default:
		return r.decimal(2, 48, 2)
	}
}

// words for the tags and names of resources.
var (
	tagTexts = []string{
		"", "",
		`{"app":"orders","costcenter":"4100","env":"prod","owner":"team-blue"}`,
		`{"app":"web","costcenter":"4200","env":"prod","owner":"a, b"}`,
		`{"app":"web","costcenter":"4200","env":"test","owner":"Æsa \"Q\" Øst"}`,
		`{"app":"reports","costcenter":"5300","env":"dev"}`,
	}
	nameEnds = []string{"01", "02", "weu-01", "prod-01", "blue", "green"}
)

func (m *meter) newResource(r *random, n int) resource {
	return resource{name: m.prefix + "-" + nameEnds[n%len(nameEnds)], tags: pick(r, tagTexts)}
}

// uri is the resource's full name in Azure.
func (u *usageRow) uri() string {
	return "/subscriptions/" + u.entitlement.id + "/resourceGroups/" + u.meter.group + "/providers/" +
		u.meter.service + "/" + u.meter.resourceType + "/" + u.resource.name
}
