package pdf

import (
	"fmt"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/hajimehoshi/ebiten/v2/examples/resources/fonts"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// plane is the number of characters that a PDF font of ours can number.
const plane = 1 << 16

// lacks is the width of a character that a face does not have; a combining mark's is 0.
const lacks = -1

// face is one TrueType font: what it covers and how wide its characters are, in thousandths of the font's size.
type face struct {
	name   string
	data   []byte
	font   *sfnt.Font
	widths []int16 // by character of the basic plane: asked later (0), lacks, or the width and 1
	buf    sfnt.Buffer
}

// faces are the fonts of a document: for each weight in the order in which they are asked for a character.
type faces struct {
	regular, bold []*face
	missing       map[rune]bool // characters that no face has
}

// The embedded fonts: Liberation Sans for Latin, Greek and Cyrillic (as wide as Arial), M+ 1p for Japanese and what
// Chinese it shares. M+ has no bold weight here, so Japanese is never bold.
func newFaces(extra [][]byte) (*faces, error) {
	regular, err := newFace("text", liberationsansregular.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := newFace("strong", liberationsansbold.TTF)
	if err != nil {
		return nil, err
	}
	japanese, err := newFace("kana", fonts.MPlus1pRegular_ttf)
	if err != nil {
		return nil, err
	}
	f := &faces{regular: []*face{regular}, bold: []*face{bold}, missing: map[rune]bool{}}
	for i, data := range extra {
		own, err := newFace(fmt.Sprintf("own%d", i+1), data)
		if err != nil {
			return nil, err
		}
		f.regular, f.bold = append(f.regular, own), append(f.bold, own)
	}
	// The seller's own fonts come before M+, so that a Chinese font draws all of a Chinese name.
	f.regular, f.bold = append(f.regular, japanese), append(f.bold, japanese)
	return f, nil
}

// newFace reads a font. A PDF embeds its glyphs as TrueType outlines, so the file must begin with one of TrueType's
// two marks; OpenType fonts with PostScript outlines and collections begin otherwise.
func newFace(name string, data []byte) (*face, error) {
	if len(data) < 4 || string(data[:4]) != "\x00\x01\x00\x00" && string(data[:4]) != "true" {
		return nil, errs.New(errs.Invalid, "font.unreadable", "font %s is not a TrueType font (.ttf)", name)
	}
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, errs.New(errs.Invalid, "font.unreadable", "font %s: %w", name, err)
	}
	return &face{name: name, data: data, font: parsed, widths: make([]int16, plane)}, nil
}

// width is the advance of a character in thousandths, or lacks. The PDF numbers characters by their
// 16-bit code, so none beyond the basic plane can be drawn.
func (f *face) width(r rune) int {
	if r < 0 || r >= plane {
		return lacks
	}
	switch w := f.widths[r]; {
	case w > 0:
		return int(w) - 1
	case w == lacks:
		return lacks
	}
	glyph, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || glyph == 0 {
		f.widths[r] = lacks
		return lacks
	}
	advance, err := f.font.GlyphAdvance(&f.buf, glyph, fixed.I(1000), font.HintingNone)
	if err != nil {
		f.widths[r] = lacks
		return lacks
	}
	w := max(0, min(advance.Round(), 32000))
	f.widths[r] = int16(w + 1)
	return w
}

// run is a piece of text that one face draws.
type run struct {
	face  *face
	text  string
	width int // thousandths of the size
}

// runs splits clean text by the first face that has each character. What none has is shown as a question mark and kept
// for the warnings.
func (f *faces) runs(text string, bold bool) []run {
	list := f.regular
	if bold {
		list = f.bold
	}
	if whole, ok := list[0].whole(text); ok {
		return []run{whole}
	}
	var out []run
	for _, r := range text {
		at, w := pick(list, r)
		if at == nil {
			f.missing[r] = true
			r, at = '?', list[0]
			w = at.width(r)
		}
		if n := len(out); n == 0 || out[n-1].face != at {
			out = append(out, run{face: at})
		}
		last := &out[len(out)-1]
		last.text += string(r)
		last.width += w
	}
	return out
}

// whole is the text as one run, when the face has all of it.
func (f *face) whole(text string) (run, bool) {
	total := 0
	for _, r := range text {
		w := f.width(r)
		if w == lacks {
			return run{}, false
		}
		total += w
	}
	return run{f, text, total}, text != ""
}

// pick is the first face that has the character, and its width; nil when none has.
func pick(list []*face, r rune) (*face, int) {
	for _, f := range list {
		if w := f.width(r); w != lacks {
			return f, w
		}
	}
	return nil, 0
}
