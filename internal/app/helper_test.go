package app_test

import (
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/app"
)

// openApp opens a data folder whose clock stands in the month after the worked one.
func openApp(t *testing.T, dir string) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Data: dir, Now: func() time.Time { return time.Date(2026, 4, 9, 10, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
