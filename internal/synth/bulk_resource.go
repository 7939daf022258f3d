package synth

import "fmt"

// bulkResource is a resource that uses a meter on some days.
type bulkResource struct {
	meter    int32
	from, to int8 // days of the month, inclusive
	ent      int8
	covered  bool   // in part, by the customer's savings plan: two rows a day
	late     bool   // its rows are of the month before
	place    []byte // columns 31 to 33
	tags     int16  // index of the written tags
}

// tagging is the written columns 43 and 44 with the value of "env" that a row is summed by.
type tagging struct {
	env   string
	cells []byte
}

var (
	tagEnvs   = []string{"prod", "prod", "prod", "test", "dev", "staging"}
	tagApps   = []string{"orders", "web", "reports", "crm", "identity", "warehouse", "telemetry"}
	tagOwners = []string{"team-blue", "team-green", "platform", "finance, it", "Ops Süd"}
)

// newTaggings writes all combinations once; a tenth of all resources has no tags.
func newTaggings() []tagging {
	const many = 400
	list := make([]tagging, 0, many)
	for i := range many {
		env, tags := "", ""
		if i%10 != 9 {
			env = tagEnvs[i%len(tagEnvs)]
			tags = fmt.Sprintf(`{"app":"%s","costcenter":"CC-%d","env":"%s","owner":"%s"}`, tagApps[i%len(tagApps)], 4000+i%37, env, tagOwners[i%len(tagOwners)])
		}
		info := fmt.Sprintf(`{"UsageType":"ComputeHR_%02d"}`, i%23)
		list = append(list, tagging{env, appendFields(nil, tags, info)})
	}
	return list
}

// runs draws resources until they make so many rows.
func (b *bulk) runs(k *bulkCustomer, rows int64) {
	for left := rows; left > 0; {
		res := b.newResource(k, len(k.resources))
		per := int64(1)
		if res.covered {
			per = 2
		}
		if left < per {
			res.covered, per = false, 1
		}
		if days := left / per; int64(res.to-res.from)+1 > days {
			res.to = res.from + int8(days) - 1 //nolint:gosec // at most 31
		}
		left -= per * (int64(res.to-res.from) + 1)
		k.resources = append(k.resources, res)
	}
}

func (b *bulk) newResource(k *bulkCustomer, n int) bulkResource {
	// The lesser of two draws: few of its meters are used by most of a customer's resources.
	at := k.uses[min(b.r.IntN(len(k.uses)), b.r.IntN(len(k.uses)))]
	if k.savings != nil && b.r.chance(4) { // who buys a savings plan runs what it covers
		at = b.coveredMeter
	}
	m := b.meters[at]
	res := bulkResource{meter: int32(at), from: 1, to: int8(b.days), ent: int8(b.r.IntN(len(k.entitlements))), tags: int16(b.r.IntN(len(b.taggings)))} //nolint:gosec // small
	switch {
	case b.r.chance(1) && m.steps == nil && m.special != covered:
		res.late, res.from, res.to = true, 1, int8(b.r.between(1, 3)) //nolint:gosec // small
	case b.r.chance(25):
		res.from = int8(b.r.between(1, b.days))           //nolint:gosec // small
		res.to = int8(b.r.between(int(res.from), b.days)) //nolint:gosec // small
	}
	res.covered = m.special == covered && k.savings != nil && !res.late
	group := fmt.Sprintf("rg-%s-%s-%02d", m.group, tagEnvs[n%len(tagEnvs)], n%17)
	uri := fmt.Sprintf("/subscriptions/%s/resourceGroups/%s/providers/%s/%s/%s-%s-weu-%05d", k.plan.entitlements[res.ent].id, group,
		m.service, m.resourceType, m.prefix, tagApps[n%len(tagApps)], n)
	res.place = appendFields(nil, group, uri, "new")
	return res
}
