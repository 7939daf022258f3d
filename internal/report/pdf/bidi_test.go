package pdf

import "testing"

func TestVisual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"leaves other scripts alone", "Müller 12 (a)", "Müller 12 (a)"},
		{"turns a Hebrew word", "שלום", "םולש"},
		{"keeps the place of what is around it", "AG שלום KG", "AG םולש KG"},
		{"keeps the digits of a number in order", "שלום 12.50 עולם", "םלוע 12.50 םולש"},
		{"takes a number behind the word with it", "AG שלום 12", "AG 12 םולש"},
		{"mirrors brackets inside", "שלום (עולם) שלום", "םולש (םלוע) םולש"},
	} {
		if got := visual(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
