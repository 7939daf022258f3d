package arch

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// places are texts that are true on one machine or in one network only. A registry is the client's setting, never ours:
// a mirror must do. The pattern is in pieces, or it would find itself.
var places = regexp.MustCompile(strings.ReplaceAll(
	`proxy\.@golang\.org|sum\.@golang\.org|pypi\.@org|pythonhosted\.@org|registry\.@npmjs|repo1?\.@maven|deb\.@debian|crates\.@io`+
		`|["' (=]/@(work|root)/|["' (=]/@home/[a-z]|["' (=]/@tmp/[a-z]/`, "@", ""))

// marks are what an unfinished change leaves behind.
var marks = regexp.MustCompile(strings.ReplaceAll(`(?m)^<<<<<@<<|^>>>>>@>>|// TO@DO[^(]|// FIX@ME`, "@", ""))

func TestTextsHoldOnEveryMachine(t *testing.T) {
	t.Parallel()
	seen := 0
	err := walk(func(path string, content []byte) error {
		if strings.HasSuffix(path, "go.sum") || strings.HasSuffix(path, ".log") || !utf8.Valid(content) {
			return nil
		}
		seen++
		for _, m := range places.FindAll(content, -1) {
			t.Errorf("%s names %q, which is not so everywhere", path, m)
		}
		for _, m := range marks.FindAll(content, -1) {
			t.Errorf("%s holds %q; open points are issues: TODO(#n)", path, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 200 {
		t.Errorf("only %d texts were read", seen)
	}
}
