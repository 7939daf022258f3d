package pdf

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// visual puts clean text that holds right-to-left letters into the order in which it is drawn, inside a line that runs
// from the left (Unicode's bidirectional rules without embeddings, which clean has dropped). Text without any such
// letter is returned as it is.
func visual(s string) string {
	if !slices.ContainsFunc([]rune(s), rightToLeft) {
		return s
	}
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		if rightToLeft(runes[i]) {
			end := spanEnd(runes, i)
			turn(runes[i:end])
			i = end
		}
	}
	return string(runes)
}

// spanEnd is where the right-to-left span that begins at i ends: behind its last letter or number before the next
// left-to-right letter. What stands between, such as spaces, belongs to the span.
func spanEnd(runes []rune, i int) int {
	end := i + 1
	for j := i; j < len(runes); j++ {
		switch {
		case rightToLeft(runes[j]), number(runes[j]), class(runes[j]) == bidi.NSM:
			end = j + 1
		case class(runes[j]) == bidi.L:
			return end
		}
	}
	return end
}

// turn reverses a span, but for the digits of each number in it, and mirrors its brackets.
func turn(span []rune) {
	slices.Reverse(span)
	for i := range span {
		if m, mirrored := mirrors[span[i]]; mirrored {
			span[i] = m
		}
	}
	for i := 0; i < len(span); i++ {
		j := i
		for j < len(span) && (number(span[j]) || j > i && separator(span, j)) {
			j++
		}
		if j > i {
			slices.Reverse(span[i:j])
			i = j
		}
	}
}

var mirrors = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '<': '>', '>': '<', '{': '}', '}': '{', '«': '»', '»': '«'}

// separator says whether a mark stands between two digits of one number, such as a point.
func separator(span []rune, j int) bool {
	return slices.Contains([]rune(".,:/-"), span[j]) && j+1 < len(span) && number(span[j+1])
}

func class(r rune) bidi.Class { p, _ := bidi.LookupRune(r); return p.Class() }

func rightToLeft(r rune) bool {
	if r < 0x590 {
		return false
	}
	c := class(r)
	return c == bidi.R || c == bidi.AL
}

func number(r rune) bool { c := class(r); return c == bidi.EN || c == bidi.AN }
