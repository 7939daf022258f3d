package app

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Node is one step of a derivation: what it is, its amount, and what it came from. A node without an amount only informs.
type Node struct {
	Text   string `json:"text"`
	Amount string `json:"amount,omitempty"`
	How    How    `json:"how,omitempty"`
	From   []Node `json:"from,omitempty"`
}

// How says how a node's amount follows from the amounts of what it came from.
type How string

// The ways. A node without one has parts that inform, each in an amount of its own.
const (
	HowSum   How = "sum"   // their sum
	HowSteps How = "steps" // they are steps, and it is the last one's
	HowFirst How = "first" // it is the first one's; the others are the other sides of the same charge
	HowSame  How = "same"  // each of them is the same amount, come by in another way
)

func node(text, amount string, from ...Node) Node {
	return Node{Text: text, Amount: amount, From: from}
}

func (n Node) how(h How) Node {
	n.How = h
	return n
}

// part is a node with its amount as a number, for adding up.
type part struct {
	Node
	amount money.Decimal
}

func partOf(text string, amount money.Decimal, c money.Currency, from ...Node) part {
	return part{node(text, inCurrency(amount, c), from...), amount}
}

// sumOf is a node over parts that add up to it. Where amounts were rounded one by one on the way, what that makes is a
// part of its own.
func sumOf(text string, amount money.Decimal, c money.Currency, parts []part) Node {
	n := node(text, inCurrency(amount, c)).how(HowSum)
	left := amount
	for _, p := range parts {
		n.From = append(n.From, p.Node)
		left = left.Sub(p.amount)
	}
	if !left.IsZero() {
		n.From = append(n.From, node("rounded line by line", inCurrency(left, c)))
	}
	return n
}

func total[T any](list []T, of func(T) money.Decimal) money.Decimal {
	var sum money.Decimal
	for _, x := range list {
		sum = sum.Add(of(x))
	}
	return sum
}

// inCurrency writes an amount with at least the currency's decimals.
func inCurrency(d money.Decimal, c money.Currency) string {
	if n := c.MinorUnits(); d.Scale() < n {
		return d.Fixed(n) + " " + string(c)
	}
	return d.Plain() + " " + string(c)
}

// maxExplained bounds what one node lists one by one; the rest is one sum.
const maxExplained = 25

// listed are the first parts, and the sum of the others.
func listed(parts []part, c money.Currency, what string) []part {
	if len(parts) <= maxExplained {
		return parts
	}
	rest := parts[maxExplained:]
	sum := total(rest, func(p part) money.Decimal { return p.amount })
	return append(parts[:maxExplained:maxExplained], partOf(fmt.Sprintf("%d more %s", len(rest), what), sum, c))
}
