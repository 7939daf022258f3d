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
	names, seen, out := blobNames(s), map[string]int{}, []Tenant(nil)
	for _, table := range []string{TableRecon, tableGroup, TableCost} {
		files := l.files(s, table)
		if len(files) == 0 {
			continue
		}
		rows, err := l.engine.db.QueryContext(ctx, `SELECT customer_id, coalesce(any_value(customer_name), ''), coalesce(any_value(customer_domain), ''),
			coalesce(any_value(customer_country), ''), any_value(data_set), any_value(blob) FROM (SELECT `+queries[table]+" FROM "+readParquet(files, false)+
			") WHERE customer_id IS NOT NULL AND customer_id <> '' GROUP BY customer_id ORDER BY customer_id")
		if err != nil {
			return nil, fmt.Errorf("list tenants: %w", err)
		}
		for rows.Next() {
			var t Tenant
			var set string
			var blob int
			if err := rows.Scan(&t.ID, &t.Name, &t.Domain, &t.Country, &set, &blob); err != nil {
				_ = rows.Close()
				return nil, fmt.Errorf("list tenants: %w", err)
			}
			if _, known := seen[t.ID]; known {
				continue
			}
			t.File = nameOf(names, set, blob)
			seen[t.ID] = len(out)
			out = append(out, t)
		}
		if err := rows.Close(); err != nil {
			return nil, fmt.Errorf("list tenants: %w", err)
		}
	}
	return out, nil
}
