package lake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// fact is a table whose rows say one thing each: a document's total, a month's rate. The same thing may be said twice,
// by a single invoice and by a list that has it too, and then counts once; two answers to one question are a fault.
type fact struct {
	what   string
	key    []string // columns that tell what the row is about
	says   []string // columns that must agree
	column string   // the one to name in a fault, as files spell it
	best   string   // order of the rows that agree: the first is kept
}

var facts = map[string]fact{
	ingest.TableDocument: {
		"document",
		[]string{"number"},
		[]string{"total_charges", "currency"},
		"totalCharges",
		"root = number, period_start IS NULL, blob, line",
	}, // within its invoice an amendment goes with it
	ingest.TableFX: {"rate of", []string{"month", "currency"}, []string{"usd_per_unit"}, "USDPerUnit", "blob, line"},
}

// settle makes sure that the staged rows of such tables say each thing once.
func (im *importing) settle(ctx context.Context, byTable map[string][]*incoming) error {
	for _, table := range slices.Sorted(maps.Keys(facts)) {
		if len(byTable[table]) == 0 {
			continue
		}
		if err := im.settleTable(ctx, table, facts[table], byTable[table]); err != nil {
			return err
		}
	}
	return nil
}

// said is a row that says again what another one, the first, says.
type said struct {
	id              string
	agrees          bool
	blob, firstBlob int
	line, firstLine int64
}

func (im *importing) settleTable(ctx context.Context, table string, f fact, files []*incoming) error {
	again, err := im.saidAgain(ctx, table, f)
	if err != nil {
		return err
	}
	for _, s := range again {
		name, first := files[s.blob].src.Name, files[s.firstBlob].src.Name
		if !s.agrees {
			im.faults.add(errs.Field{
				Place: fmt.Sprintf("%s:%d:%s", name, s.line, f.column), Code: ingest.CodeContradict,
				Detail: fmt.Sprintf("%s %s is not what %s:%d says", f.what, s.id, first, s.firstLine),
			})
			continue
		}
		im.note("duplicate: %s %s stands in %s:%d and in %s:%d and is counted once", f.what, s.id, first, s.firstLine, name, s.line)
		if _, err := im.l.engine.db.ExecContext(ctx, "DELETE FROM "+stageName(table)+" WHERE blob = ? AND line = ?", s.blob, s.line); err != nil {
			return fmt.Errorf("settle %s: %w", table, err)
		}
	}
	return nil
}

// saidAgain lists the rows behind the first of each key.
func (im *importing) saidAgain(ctx context.Context, table string, f fact) ([]said, error) {
	key := strings.Join(f.key, ", ")
	var agree []string
	for _, c := range im.l.layouts[table].columns {
		for _, s := range f.says {
			if c.name == s {
				agree = append(agree, castOf(c)+" IS NOT DISTINCT FROM first_value("+castOf(c)+") OVER w")
			}
		}
	}
	rows, err := im.l.engine.db.QueryContext(ctx, "SELECT concat_ws(' ', "+key+"), "+strings.Join(agree, " AND ")+
		", blob, line, first_value(blob) OVER w, first_value(line) OVER w FROM "+stageName(table)+
		" WINDOW w AS (PARTITION BY "+key+" ORDER BY "+f.best+") QUALIFY row_number() OVER w > 1 ORDER BY blob, line")
	if err != nil {
		return nil, fmt.Errorf("settle %s: %w", table, err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var list []said
	for rows.Next() {
		var s said
		if err := rows.Scan(&s.id, &s.agrees, &s.blob, &s.line, &s.firstBlob, &s.firstLine); err != nil {
			return nil, fmt.Errorf("settle %s: %w", table, err)
		}
		list = append(list, s)
	}
	return list, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}
