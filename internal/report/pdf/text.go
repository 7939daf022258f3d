package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean makes text fit for drawing: composed characters, no controls, no invisible marks, single spaces.
func clean(s string) string {
	if tidy(s) {
		return s
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "?"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		default:
			return r
		}
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// tidy says whether text is plain ASCII that cleaning would not change, as most is.
func tidy(s string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case b < ' ' || b > '~', b == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' '):
			return false
		}
	}
	return true
}

// width is how wide clean text is at a style, in points.
func (c *canvas) width(text string, st style) float64 {
	total := 0
	list := c.faces.regular
	if st.bold {
		list = c.faces.bold
	}
	for _, r := range text {
		if f, w := pick(list, r); f != nil {
			total += w
		} else {
			total += list[0].width('?')
		}
	}
	return float64(total) * st.size / 1000
}

// wrap breaks text into lines that are at most width wide: at spaces, after hyphens and slashes, between ideographs,
// and inside a word that is too long for a line. No text gives no line.
func (c *canvas) wrap(text string, st style, width float64) []string {
	text = clean(text)
	if text == "" {
		return nil
	}
	if c.width(text, st) <= width {
		return []string{text}
	}
	var lines []string
	runes := []rune(text)
	for len(runes) > 0 {
		n := c.fitting(runes, st, width)
		lines = append(lines, strings.TrimSpace(string(runes[:n])))
		runes = runes[n:]
		for len(runes) > 0 && runes[0] == ' ' {
			runes = runes[1:]
		}
	}
	return lines
}

// atMost is wrap with at most n lines, the last shortened with an ellipsis when there are more: the letterhead must
// leave room on its page.
func (c *canvas) atMost(n int, text string, st style, width float64) []string {
	lines := c.wrap(text, st, width)
	if len(lines) > n {
		lines = append(lines[:n-1], c.clip(strings.Join(lines[n-1:], " "), st, width))
	}
	return lines
}

// fitting is how many of the characters make the next line, at least one.
func (c *canvas) fitting(runes []rune, st style, width float64) int {
	used, best := 0.0, 0
	for i, r := range runes {
		used += c.width(string(r), st)
		if used > width && r != ' ' {
			if best > 0 {
				return best
			}
			return max(1, i)
		}
		if breaks(runes, i) {
			best = i + 1
		}
	}
	return len(runes)
}

// breaks says whether a line may end after character i.
func breaks(runes []rune, i int) bool {
	switch r := runes[i]; {
	case r == ' ', r == '-', r == '/', r == ',', r == ';', r == '_':
		return true
	case i+1 < len(runes):
		return ideograph(r) && ideograph(runes[i+1])
	default:
		return true
	}
}

func ideograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x30FF
}

// clip shortens text with an ellipsis until it is at most width wide.
func (c *canvas) clip(text string, st style, width float64) string {
	text = clean(text)
	if c.width(text, st) <= width {
		return text
	}
	room := width - c.width("…", st)
	for i, r := range text {
		if room -= c.width(string(r), st); room < 0 {
			return strings.TrimSpace(text[:i]) + "…"
		}
	}
	return text
}
