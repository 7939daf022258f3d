// Package synth makes whole months of a partner's files: price sheets, exchange rates, daily-rated usage,
// reconciliation lines and invoices, in the shapes in which Microsoft delivers them, together with what a correct
// product must make of them. The demonstration, the property tests and the benchmark live on it.
//
// It owns an arithmetic of its own, written from the billing reference and not from the product, so that the two can be
// held against each other; it imports nothing of the product but exact numbers and dates. Invariants: the same
// configuration gives the same bytes; every document's total is the sum of its lines; nothing in a month contradicts
// the rules, so that a month that is reconciled without a fault has no finding.
package synth
