package storetest

import (
	"bytes"
	"errors"
	"sync"

	"github.com/google/go-cmp/cmp"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// sameText compares amounts by their digits: 12.50 is not 12.5. Days compare as they are, and so do bytes, which are too
// many to be shown.
var sameText = cmp.Options{
	cmp.Comparer(func(a, b money.Decimal) bool { return a.String() == b.String() }),
	cmp.Comparer(func(a, b period.Date) bool { return a == b }),
	cmp.Comparer(func(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }),
}

// same compares what is kept with what was given.
func same[T any](e *env, got, want T) {
	e.Helper()
	if diff := cmp.Diff(want, got, sameText); diff != "" {
		e.Errorf("is not what was kept (-want +got):\n%s", diff)
	}
}

// refused wants an error of a kind and code.
func (e *env) refused(err error, kind errs.Kind, code errs.Code) {
	e.Helper()
	if !errors.Is(err, kind) || errs.CodeOf(err) != code {
		e.Errorf("got error %v (code %q), want %s %q", err, errs.CodeOf(err), kind, code)
	}
}

// got is a value that must come without an error.
func got[T any](v T, err error) func(e *env) T {
	return func(e *env) T {
		e.Helper()
		e.must(err)
		return v
	}
}

// atOnce runs functions at the same time and returns their errors, in order.
func atOnce(fns ...func() error) []error {
	all := make([]error, len(fns))
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() {
			<-begin
			all[i] = fn()
		})
	}
	close(begin)
	wg.Wait()
	return all
}

// failures are the errors among results.
func failures(results []error) []error {
	var list []error
	for _, err := range results {
		if err != nil {
			list = append(list, err)
		}
	}
	return list
}
