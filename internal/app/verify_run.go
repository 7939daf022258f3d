package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/lake"
)

// manifest names every byte that a run read and made, by its hash.
type manifest struct {
	Run     string          `json:"run"`
	Period  period.Month    `json:"period"`
	Files   []lake.FileHash `json:"files"`
	Inputs  string          `json:"inputs"`
	Rules   string          `json:"rules"`
	Parties string          `json:"parties"`
	Set     string          `json:"charge_set"`
	Charges []lake.FileHash `json:"charges"`
	Totals  string          `json:"totals"`
	Result  string          `json:"result"`
	Row     string          `json:"row"` // what lists show of the run
}

// manifestOf hashes a run's inputs and results as they are now.
func (a *App) manifestOf(ctx context.Context, run billing.Run, inputs lake.Snapshot, charges lake.DataSet) (manifest, error) {
	m := manifest{
		Run: run.ID, Period: run.Period, Inputs: hashOf(run.Inputs), Rules: hashOf(run.Rules), Parties: hashOf(run.Parties), Set: hashOf(run.Charges),
		Totals: hashOf(run.Totals), Result: hashOf(run.Result),
		Row: hashOf(fmt.Appendf(nil, "%t %d %d %d", run.Estimate, run.Findings, run.StartedAt.UnixMicro(), run.FinishedAt.UnixMicro())),
	}
	var err error
	if m.Files, err = a.lake.Manifest(ctx, inputs); err != nil {
		return m, err
	}
	m.Charges, err = a.lake.Manifest(ctx, lake.Snapshot{Sets: []lake.DataSet{charges}})
	return m, err
}

const signingKey = "signing-key"

// key is the data folder's own signing key, made on first use.
func (a *App) key(ctx context.Context) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails (crypto/rand, Go 1.24)
	kept, err := a.store.PutMetaOnce(ctx, signingKey, seed)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return ed25519.NewKeyFromSeed(kept), nil
}

func (a *App) sign(ctx context.Context, run billing.Run, inputs lake.Snapshot, charges lake.DataSet) (text, signature []byte, err error) {
	m, err := a.manifestOf(ctx, run, inputs, charges)
	if err != nil {
		return nil, nil, err
	}
	if text, err = marshal(m); err != nil {
		return nil, nil, err
	}
	key, err := a.key(ctx)
	if err != nil {
		return nil, nil, err
	}
	return text, ed25519.Sign(key, text), nil
}

// checkRun holds a stored run against its manifest, and that against its signature. False: it cannot be read.
func (a *App) checkRun(ctx context.Context, v *Verification, run billing.Run) (*stored, bool) {
	key, err := a.key(ctx)
	if err != nil {
		v.check(false, "", "the signing key cannot be read: %v", err)
		return nil, false
	}
	public, _ := key.Public().(ed25519.PublicKey)
	v.check(ed25519.Verify(public, run.Manifest, run.Signature), "the manifest's signature", "the manifest was not signed by this data folder, or was changed")
	var was manifest
	if err := json.Unmarshal(run.Manifest, &was); err != nil {
		v.check(false, "", "the manifest cannot be read: %v", err)
		return nil, false
	}
	s, err := readRun(run)
	if err != nil {
		v.check(false, "", "the run was changed: %v", err)
		return nil, false
	}
	now, err := a.manifestOf(ctx, run, s.inputs, s.charges)
	if err != nil {
		v.check(false, "", "a file of the run cannot be read: %v", err)
		return nil, false
	}
	now.holds(v, was)
	return s, true
}

// holds compares the manifest as it is made now with the one that was signed.
func (m manifest) holds(v *Verification, was manifest) {
	v.check(m.Run == was.Run && m.Period == was.Period && m.Row == was.Row, "the run's own row", "the run's own row was changed")
	for _, p := range []struct{ now, was, what string }{
		{m.Inputs, was.Inputs, "list of inputs"},
		{m.Rules, was.Rules, "price rules"},
		{m.Parties, was.Parties, "customers and seller"},
		{m.Set, was.Set, "list of charges"},
		{m.Totals, was.Totals, "totals"},
		{m.Result, was.Result, "findings"},
	} {
		v.check(p.now == p.was, p.what+" of the run", "the run's %s was changed", p.what)
	}
	sameFiles(v, "file", m.Files, was.Files)
	sameFiles(v, "charges", m.Charges, was.Charges)
}

func sameFiles(v *Verification, what string, now, was []lake.FileHash) {
	v.check(len(now) == len(was), fmt.Sprintf("%d files of %s", len(was), what), "there are %d files of %s, the manifest names %d", len(now), what, len(was))
	for i, f := range was {
		v.check(i < len(now) && now[i] == f, what+" "+f.File, what+" %s has changed", f.File)
	}
}

// checkRules holds the rules that a run kept against the versions of them that are kept for all.
func (a *App) checkRules(ctx context.Context, v *Verification, rules []pricing.Rule) error {
	for _, used := range rules {
		versions, err := a.store.RuleVersions(ctx, used.ID)
		if err != nil && !errors.Is(err, errs.NotFound) {
			v.check(false, "", "rule %s cannot be read: %v", used.ID, err)
			continue
		}
		i := slices.IndexFunc(versions, func(r pricing.Rule) bool { return r.Version == used.Version })
		v.check(i >= 0 && sameRule(versions[i], used), fmt.Sprintf("rule %s version %d", used.ID, used.Version),
			"rule %s version %d is not what it was when the run used it", used.ID, used.Version)
	}
	return ctx.Err()
}

// sameRule compares what a rule says; that it is not in force any more is no change of it.
func sameRule(x, y pricing.Rule) bool {
	x.RemovedAt, y.RemovedAt = time.Time{}, time.Time{}
	a, _ := json.Marshal(x) // what was kept as JSON marshals
	b, _ := json.Marshal(y)
	return bytes.Equal(a, b)
}
