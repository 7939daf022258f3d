// Package lake holds everything that is counted in millions: usage, reconciliation lines, prices, charges, as Iceberg
// tables of Parquet files, read and written through DuckDB. It owns files, snapshots and bulk SQL, and no business
// rule. Invariant: a data set is replaced as a whole or not at all, also when the process dies.
package lake
