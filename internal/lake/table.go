package lake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/iceberg-go"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// The tables beside those that imports fill.
const (
	tableGroup  = "usage_group"
	tableCharge = "charge"
)

// column is a column of a lake table, in DuckDB's and Iceberg's types. Ids never change once a release had them.
type column struct {
	name string
	duck string
	ice  iceberg.Type
}

// layout is a table's columns in order; a column's field id is its position, counted from 1.
type layout struct {
	name    string
	columns []column
}

var duckTypes = map[ingest.Type]string{
	ingest.Text: "VARCHAR", ingest.Decimal: "DECIMAL(38,18)", ingest.Date: "DATE", ingest.Timestamp: "TIMESTAMP",
	ingest.Int: "BIGINT", ingest.Bool: "BOOLEAN",
}

var iceTypes = map[string]iceberg.Type{
	"VARCHAR": iceberg.PrimitiveTypes.String, "DECIMAL(38,18)": iceberg.DecimalTypeOf(38, 18), "DATE": iceberg.PrimitiveTypes.Date,
	"TIMESTAMP": iceberg.PrimitiveTypes.Timestamp, "BIGINT": iceberg.PrimitiveTypes.Int64, "INTEGER": iceberg.PrimitiveTypes.Int32,
	"BOOLEAN": iceberg.PrimitiveTypes.Bool,
}

func col(name, duck string) column { return column{name, duck, iceTypes[duck]} }

// prefix is what every imported row has beside its file's columns: its data set, the ordinal of its blob in it, and
// its line in the blob (null where the order of rows tells it).
var prefix = []column{col("data_set", "VARCHAR"), col("blob", "INTEGER"), col("line", "BIGINT")}

// usageRow are the columns of daily-rated usage that belong to a row. All others say what the row is for: they repeat
// from row to row, stand once in the group that the row belongs to, and are found by its number.
var usageRow = map[string]bool{
	"usage_date": true, "resource_location": true, "consumed_service": true, "resource_group": true, "resource_uri": true,
	"unit_price": true, "quantity": true, "billing_pretax_total": true, "pricing_pretax_total": true, "service_info1": true,
	"service_info2": true, "tags": true, "additional_info": true, "effective_unit_price": true, "entitlement_id": true,
	"entitlement_description": true, "benefit_order_id": true, "benefit_id": true,
}

// usageColumns are the columns of usage as its files tell them: those of rows, or those of groups.
func usageColumns(ofRows bool) []column {
	var list []column
	for _, c := range ingest.SchemaOf(ingest.KindUsage).Columns {
		if usageRow[c.Name] == ofRows {
			list = append(list, col(c.Name, duckTypes[c.Type]))
		}
	}
	return list
}

// groupColumns is the dimension of usage: one row a group. The last ones follow from its rows: what all of them have in
// common, and their days.
func groupColumns() []column {
	list := append([]column{col("data_set", "VARCHAR"), col("grp", "BIGINT")}, usageColumns(false)...)
	return append(list, col("month", "VARCHAR"), col("free", "BOOLEAN"), col("entitlement_id", "VARCHAR"), col("tags", "VARCHAR"),
		col("benefit_order_id", "VARCHAR"), col("first_day", "DATE"), col("last_day", "DATE"))
}

// chargeColumns is one rated line; details that no query selects on are in one JSON text.
var chargeColumns = []column{
	col("data_set", "VARCHAR"), col("run", "VARCHAR"), col("id", "VARCHAR"), col("line_id", "VARCHAR"), col("customer_id", "VARCHAR"),
	col("tenant_id", "VARCHAR"), col("reseller_mpn", "VARCHAR"), col("invoice_number", "VARCHAR"), col("subscription_id", "VARCHAR"),
	col("product_id", "VARCHAR"), col("sku_id", "VARCHAR"), col("meter_id", "VARCHAR"), col("category", "VARCHAR"),
	col("charge_type", "VARCHAR"), col("charge_from", "DATE"), col("charge_to", "DATE"), col("currency", "VARCHAR"),
	col("cost", "DECIMAL(38,18)"), col("retail", "DECIMAL(38,18)"), col("sell", "DECIMAL(38,18)"), col("sell_currency", "VARCHAR"),
	col("mode", "VARCHAR"), col("rule", "VARCHAR"), col("details", "VARCHAR"),
}

// layouts lists all tables.
func layouts() map[string]layout {
	all := map[string]layout{tableGroup: {tableGroup, groupColumns()}, tableCharge: {tableCharge, chargeColumns}}
	for _, s := range ingest.Tables() {
		rest := told(s.Table)
		if s.Table == ingest.TableUsage {
			rest = append(usageColumns(true), col("grp", "BIGINT"), col("grp2", "BIGINT"))
		}
		all[s.Table] = layout{s.Table, slices.Concat(prefix, rest)}
	}
	return all
}

// told lists what a table's files tell of a row.
func told(table string) []column {
	var list []column
	for _, s := range ingest.Tables() {
		for _, c := range s.Columns {
			if s.Table == table {
				list = append(list, col(c.Name, duckTypes[c.Type]))
			}
		}
	}
	return list
}

// schema is the table in Iceberg's words.
func (l layout) schema() *iceberg.Schema {
	fields := make([]iceberg.NestedField, len(l.columns))
	for i, c := range l.columns {
		fields[i] = iceberg.NestedField{ID: i + 1, Name: c.name, Type: c.ice}
	}
	return iceberg.NewSchema(0, fields...)
}

// partition keeps a data set's files together: identity of data_set, which is always the first column.
func (l layout) partition() *iceberg.PartitionSpec {
	spec := iceberg.NewPartitionSpec(iceberg.PartitionField{SourceIDs: []int{1}, FieldID: 1000, Name: "data_set", Transform: iceberg.IdentityTransform{}})
	return &spec
}

// copyOptions makes DuckDB write Parquet that Iceberg takes as it is.
func (l layout) copyOptions() string {
	ids := make([]string, len(l.columns))
	for i, c := range l.columns {
		ids[i] = fmt.Sprintf("%s: %d", c.name, i+1)
	}
	return "(FORMAT parquet, COMPRESSION snappy, FIELD_IDS {" + strings.Join(ids, ", ") + "})"
}

func (l layout) names() string {
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}
