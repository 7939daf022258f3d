package storetest

import (
	"bytes"

	"github.com/chandler-csp/chandler/internal/store"
)

var metaCases = []testCase{
	{"the first value stays", func(e *env) {
		same(e, got(e.PutMetaOnce(e.Context(), "key", []byte("a\x00\xff")))(e), []byte("a\x00\xff"))
		same(e, got(e.PutMetaOnce(e.Context(), "key", []byte("b")))(e), []byte("a\x00\xff"))
		same(e, got(e.PutMetaOnce(e.Context(), "other", []byte("c")))(e), []byte("c"))
		same(e, got(e.open().PutMetaOnce(e.Context(), "key", []byte("d")))(e), []byte("a\x00\xff"))
	}},
	{"processes that start at once get the same value", func(e *env) {
		other := e.open()
		var first, second []byte
		for _, err := range atOnce(
			func() (err error) { first, err = e.PutMetaOnce(e.Context(), "key", []byte("1")); return err },
			func() (err error) { second, err = other.PutMetaOnce(e.Context(), "key", []byte("2")); return err },
		) {
			e.must(err)
		}
		if !bytes.Equal(first, second) {
			e.Errorf("one got %q, the other %q", first, second)
		}
	}},
}

var waiverCases = []testCase{
	{"waivers are found by their finding, and a later one takes the place of the first", func(e *env) {
		a := store.Waiver{Key: "fnd_a", Reason: "known", By: "kim", At: day}
		b := store.Waiver{Key: "fnd_b", Reason: "agreed", By: "lee", At: day}
		for _, w := range []store.Waiver{a, b} {
			e.must(e.PutWaiver(e.Context(), w))
		}
		same(e, got(e.Waivers(e.Context()))(e), map[string]store.Waiver{"fnd_a": a, "fnd_b": b})
		a.Reason, a.By = "known, ticket 7", "lee"
		e.must(e.PutWaiver(e.Context(), a))
		same(e, got(e.Waivers(e.Context()))(e), map[string]store.Waiver{"fnd_a": a, "fnd_b": b})
	}},
}
