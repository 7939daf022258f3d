package lake

import (
	"context"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// changes makes the new versions of what is staged, and says what was there before.
func (im *importing) changes(ctx context.Context, sets map[string]*staged) (change, error) {
	c := change{Out: map[string][]string{}, In: map[string][]string{}}
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		old := im.before[key]
		if sets[key].known {
			im.report.DataSets = append(im.report.DataSets, SetReport{
				Key: key, Outcome: Unchanged, Version: old.Version, Rows: old.Rows,
				RowsBefore: old.Rows, Amounts: old.Amounts, AmountsBefore: old.Amounts, Blobs: old.Blobs,
			})
			continue
		}
		d := sets[key].dataSet(im.id)
		if err := im.l.describe(ctx, &d); err != nil {
			return c, err
		}
		im.put(&c, d, old)
		if d.Table != ingest.TableUsage {
			continue
		}
		g, err := im.groups(ctx, d)
		if err != nil {
			return c, err
		}
		c.add(im.versioned(g, im.before[g.Key]), im.before[g.Key])
	}
	return c, nil
}

// put adds a data set to a change and to the report.
func (im *importing) put(c *change, d, old DataSet) {
	d = im.versioned(d, old)
	c.add(d, old)
	r := SetReport{Key: d.Key, Outcome: Added, Version: d.Version, Rows: d.Rows, Amounts: d.Amounts, Blobs: d.Blobs}
	if old.Key != "" {
		r.Outcome, r.RowsBefore, r.AmountsBefore = Replaced, old.Rows, old.Amounts
	}
	im.report.DataSets = append(im.report.DataSets, r)
}

func (im *importing) versioned(d, old DataSet) DataSet {
	d.Version, d.ImportedAt, d.Current = old.Version+1, im.l.cfg.Clock(), true
	return d
}

// add puts a data set in the place of the version before it.
func (c *change) add(d, old DataSet) {
	c.In[d.Table] = append(c.In[d.Table], d.Files...)
	c.Out[d.Table] = append(c.Out[d.Table], old.Files...)
	c.Sets = append(c.Sets, d)
}
