package lake

import (
	"context"
	"fmt"
)

// Tenant is a customer's tenant as files name it.
type Tenant struct{ ID, Name, Domain, Country, File string }

// Tenants lists the tenants that a snapshot's lines, usage and cost rows name.
func (l *Lake) Tenants(ctx context.Context, s Snapshot) ([]Tenant, error) {
	queries := map[string]string{
		TableRecon: "customer_id, customer_name, customer_domain, customer_country, data_set, blob",
		tableGroup: "customer_id, customer_name, customer_domain, customer_country, data_set, 0 AS blob",
		TableCost:  "coalesce(customer_id, sub_account_id) AS customer_id, coalesce(customer_name, sub_account_name) AS customer_name, NULL AS customer_domain, NULL AS customer_country, data_set, blob",
	}
	names, seen, out := blobNames(s), map[string]bool{}, []Tenant(nil)
	for _, table := range []string{TableRecon, tableGroup, TableCost} {
		files := l.files(s, table)
		if len(files) == 0 {
			continue
		}
		named, err := l.tenantsOf(ctx, queries[table]+" FROM "+readParquet(files, false), names)
		if err != nil {
			return nil, fmt.Errorf("list tenants: %w", err)
		}
		for _, t := range named {
			if !seen[t.ID] {
				seen[t.ID], out = true, append(out, t)
			}
		}
	}
	return out, nil
}

func (l *Lake) tenantsOf(ctx context.Context, from string, names map[string][]string) ([]Tenant, error) {
	rows, err := l.engine.db.QueryContext(ctx, `SELECT customer_id, coalesce(any_value(customer_name), ''), coalesce(any_value(customer_domain), ''),
		coalesce(any_value(customer_country), ''), any_value(data_set), any_value(blob) FROM (SELECT `+from+
		") WHERE customer_id IS NOT NULL AND customer_id <> '' GROUP BY customer_id ORDER BY customer_id")
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it did
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []Tenant
	for rows.Next() {
		var t Tenant
		var set string
		var blob int
		if err := rows.Scan(&t.ID, &t.Name, &t.Domain, &t.Country, &set, &blob); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it did
		}
		t.File = nameOf(names, set, blob)
		out = append(out, t)
	}
	return out, rows.Err() //nolint:wrapcheck // the caller says what it did
}
