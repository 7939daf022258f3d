// Package usage holds what Microsoft says it charged: reconciliation lines, daily-rated usage, invoice documents and
// cost rows of FOCUS and Cost Management files, in the product's own words. It owns the meaning of each field and no
// arithmetic. Invariant: a value is what the file said, normalised in form only, never corrected.
package usage
