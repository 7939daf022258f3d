package storetest

import (
	"bytes"

	"github.com/chandler-csp/chandler/internal/core/errs"
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
		a := store.Waiver{Key: "fnd_a", Amount: "-1.50", Reason: "known", By: "kim", At: day}
		b := store.Waiver{Key: "fnd_b", Reason: "agreed", By: "lee", At: day}
		for _, w := range []store.Waiver{a, b} {
			e.must(e.PutWaiver(e.Context(), w))
		}
		same(e, got(e.Waivers(e.Context()))(e), map[string]store.Waiver{"fnd_a": a, "fnd_b": b})
		a.Amount, a.Reason, a.By = "-1.60", "known, ticket 7", "lee"
		e.must(e.PutWaiver(e.Context(), a))
		same(e, got(e.Waivers(e.Context()))(e), map[string]store.Waiver{"fnd_a": a, "fnd_b": b})
	}},
	{"a waiver that is taken back is gone", func(e *env) {
		e.must(e.PutWaiver(e.Context(), store.Waiver{Key: "fnd_a" + foul, Reason: "known", By: "kim", At: day}))
		e.must(e.RemoveWaiver(e.Context(), "fnd_a"+foul))
		e.refused(e.RemoveWaiver(e.Context(), "fnd_a"+foul), errs.NotFound, "waiver.unknown")
		same(e, got(e.Waivers(e.Context()))(e), map[string]store.Waiver{})
	}},
}
