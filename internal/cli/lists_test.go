package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func TestNoListIsNull(t *testing.T) {
	t.Parallel()
	type inner struct {
		Tags   []string       `json:"tags"`
		Amount *money.Decimal `json:"amount"`
	}
	type outer struct {
		inner
		List   []inner           `json:"list"`
		One    *inner            `json:"one"`
		None   *inner            `json:"none"`
		ByName map[string][]int  `json:"by_name"`
		Any    map[string]any    `json:"any"`
		Left   []string          `json:"left,omitempty"`
		Raw    json.RawMessage   `json:"raw"`
		At     time.Time         `json:"at"`
		Sums   map[string]string `json:"sums"`
	}
	amount := money.MustParse("1.50")
	given := outer{
		List: []inner{{}, {Tags: []string{"a"}, Amount: &amount}}, One: &inner{}, ByName: map[string][]int{"a": nil},
		Any: map[string]any{"list": []string(nil), "nothing": nil, "deep": []inner{{}}}, Raw: json.RawMessage(`{"x":null}`), At: time.Unix(0, 0).UTC(),
	}
	got, err := json.Marshal(filled(given))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"tags":[],"amount":null,"list":[{"tags":[],"amount":null},{"tags":["a"],"amount":"1.50"}],"one":{"tags":[],"amount":null},"none":null,` +
		`"by_name":{"a":[]},"any":{"deep":[{"tags":[],"amount":null}],"list":[],"nothing":null},"raw":{"x":null},"at":"1970-01-01T00:00:00Z","sums":{}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if given.List[0].Tags != nil || given.ByName["a"] != nil {
		t.Error("the value that was given has changed")
	}
}
