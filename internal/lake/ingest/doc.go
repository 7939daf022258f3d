// Package ingest reads every file that a partner gets from Microsoft, and FOCUS files of anybody, into rows of a few
// canonical tables: daily-rated usage, reconciliation lines, prices, exchange rates, documents and cost rows (billing
// reference A1 to A10). It owns spellings, number and date styles and the place of every fault, and knows no SQL.
//
// Inspect looks at the head of a file and says what it is; Source.Rows streams its rows in constant memory. A value is
// what the file said, normalised in form only. Invariant: nothing is guessed. What may mean two things is a fault with
// file, line and column, and what was mended is counted in the Report.
package ingest
