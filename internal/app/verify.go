package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// Verification is what was checked and what did not hold.
type Verification struct {
	Subject string   `json:"subject"`
	OK      bool     `json:"ok"`
	Checks  []string `json:"checks"`
	Faults  []string `json:"faults"`
}

func (v *Verification) check(ok bool, what, fault string, args ...any) {
	if ok {
		v.Checks = append(v.Checks, what)
		return
	}
	v.Faults = append(v.Faults, fmt.Sprintf(fault, args...))
}

func (v *Verification) done() Verification {
	v.OK = len(v.Faults) == 0
	return *v
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ReconVerify rechecks a stored reconciliation: the manifest's signature, the hash of every file and record that it
// names, and that the result follows from them when the month is done again.
func (a *App) ReconVerify(ctx context.Context, p period.Month) (Verification, error) {
	run, err := a.latestRun(ctx, p)
	if err != nil {
		return Verification{}, err
	}
	v := &Verification{Subject: "reconciliation of " + run.Period.String() + " (" + run.ID + ")", Checks: []string{}, Faults: []string{}}
	s, ok := a.checkRun(ctx, v, run)
	if !ok {
		return v.done(), nil
	}
	if err := a.checkRules(ctx, v, s.rules); err != nil {
		return *v, err
	}
	again, err := a.replay(ctx, s)
	if err != nil {
		v.check(false, "", "the month cannot be done again: %v", err)
		return v.done(), nil
	}
	compareResults(v, s, again)
	for _, t := range a.lake.Tables() {
		recorded, planned, err := a.lake.Planned(ctx, t)
		if err != nil {
			return *v, err
		}
		v.check(slices.Equal(recorded, planned), "files of table "+t+" as Iceberg plans them", "table %s: the records name other files than Iceberg plans", t)
	}
	return v.done(), nil
}

// compareResults holds the kept result against one made again; waivers are of today and do not count.
func compareResults(v *Verification, s *stored, again work) {
	plain := func(r recon.Result) []byte {
		r.Findings = slices.Clone(r.Findings)
		for i := range r.Findings {
			r.Findings[i].Waived = ""
		}
		b, _ := json.Marshal(r) // what was kept as JSON marshals
		return b
	}
	kept, err := s.result()
	v.check(err == nil && bytes.Equal(plain(kept), plain(again.result)), "the result follows from its inputs, byte by byte", "done again, the month gives another result")
	totals, err := marshal(again.totals())
	v.check(err == nil && bytes.Equal(totals, s.Totals), "the totals follow from its inputs, byte by byte", "done again, the month gives other totals")
}
