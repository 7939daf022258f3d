package app

import (
	"context"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/store"
)

// Waive lets a finding of a month's last run stand with a reason, so that the month can be approved; no month is the
// newest. When a later run finds another amount, the waiver holds no longer.
func (a *App) Waive(ctx context.Context, p period.Month, key, reason string, by Actor) error {
	if strings.TrimSpace(reason) == "" {
		return errs.New(errs.Invalid, "reason.missing", "a reason is needed")
	}
	s, err := a.latest(ctx, p)
	if err != nil {
		return err
	}
	result, err := s.result()
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		if f.Key == key {
			return a.store.PutWaiver(ctx, store.Waiver{Key: key, Amount: sizeOf(f), Reason: reason, By: by.name(), At: a.opts.Now()})
		}
	}
	return errs.New(errs.NotFound, "finding.unknown", "the run of %s has no finding %s", s.Period, key)
}

// Unwaive opens a finding again.
func (a *App) Unwaive(ctx context.Context, key string) error { return a.store.RemoveWaiver(ctx, key) }

// waive marks the findings that a person waived, with the reason, and takes back what an earlier run marked: the waivers
// of today count. Where they cannot be read every finding is open, which is the safe side.
func (a *App) waive(ctx context.Context, r *recon.Result) {
	waivers, err := a.store.Waivers(ctx)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Waived = ""
		if w, ok := waivers[f.Key]; err == nil && ok && w.Amount == sizeOf(*f) {
			f.Waived = w.Reason + " (" + w.By + ")"
		}
	}
}

// sizeOf is a finding's amount as a waiver keeps it; "" where it is not known.
func sizeOf(f recon.Finding) string {
	if f.Amount == nil {
		return ""
	}
	return f.Amount.Plain()
}
