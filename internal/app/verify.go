package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/lake"
	"github.com/chandler-csp/chandler/internal/report"
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

// manifest names every byte that a run read and made, by its hash.
type manifest struct {
	Run     string          `json:"run"`
	Period  period.Month    `json:"period"`
	Files   []lake.FileHash `json:"files"`
	Rules   string          `json:"rules"`
	Parties string          `json:"parties"`
	Charges []lake.FileHash `json:"charges"`
	Totals  string          `json:"totals"`
	Result  string          `json:"result"`
}

// manifestOf hashes a run's inputs and results as they are now.
func (a *App) manifestOf(ctx context.Context, run billing.Run, inputs lake.Snapshot, charges lake.DataSet) (manifest, error) {
	m := manifest{Run: run.ID, Period: run.Period, Rules: hashOf(run.Rules), Parties: hashOf(run.Parties), Totals: hashOf(run.Totals), Result: hashOf(run.Result)}
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

// ReconVerify rechecks a stored reconciliation: the manifest's signature, the hash of every file and record that it
// names, and that the result follows from them when the month is done again.
func (a *App) ReconVerify(ctx context.Context, p period.Month) (Verification, error) {
	s, err := a.latest(ctx, p)
	if err != nil {
		return Verification{}, err
	}
	v := &Verification{Subject: "reconciliation of " + s.Period.String() + " (" + s.ID + ")", Checks: []string{}, Faults: []string{}}
	key, err := a.key(ctx)
	if err != nil {
		return *v, err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	v.check(ed25519.Verify(public, s.Manifest, s.Signature), "the manifest's signature", "the manifest was not signed by this data folder, or was changed")
	if err := a.checkManifest(ctx, v, s); err != nil {
		return v.done(), nil //nolint:nilerr // a file that cannot be read is a fault of the verification, told there
	}
	again, err := a.replay(ctx, s)
	if err != nil {
		v.check(false, "", "the month cannot be done again: %v", err)
		return v.done(), nil
	}
	a.compareResults(ctx, v, s, again)
	for _, t := range a.lake.Tables() {
		recorded, planned, err := a.lake.Planned(ctx, t)
		if err != nil {
			return *v, err
		}
		v.check(slices.Equal(recorded, planned), "files of table "+t+" as Iceberg plans them", "table %s: the records name other files than Iceberg plans", t)
	}
	return v.done(), nil
}

func (a *App) checkManifest(ctx context.Context, v *Verification, s *stored) error {
	var was manifest
	if err := json.Unmarshal(s.Manifest, &was); err != nil {
		v.check(false, "", "the manifest cannot be read: %v", err)
		return err
	}
	now, err := a.manifestOf(ctx, s.Run, s.inputs, s.charges)
	if err != nil {
		v.check(false, "", "a file of the run cannot be read: %v", err)
		return err
	}
	for i, f := range was.Files {
		v.check(i < len(now.Files) && now.Files[i] == f, "file "+f.File, "file %s has changed", f.File)
	}
	for i, f := range was.Charges {
		v.check(i < len(now.Charges) && now.Charges[i] == f, "charges "+f.File, "charges %s have changed", f.File)
	}
	v.check(was.Rules == now.Rules, "price rules of the run", "the run's price rules were changed")
	v.check(was.Parties == now.Parties, "customers and seller of the run", "the run's customers or seller were changed")
	v.check(was.Totals == now.Totals && was.Result == now.Result, "totals and findings of the run", "the run's totals or findings were changed")
	return nil
}

// compareResults holds the kept result against one made again; waivers are of today and do not count.
func (a *App) compareResults(_ context.Context, v *Verification, s *stored, again work) {
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
}

// VerifyInvoice recomputes an invoice from what its run recorded and compares: lines, taxes, totals, content hash and
// every rendering's bytes.
func (a *App) VerifyInvoice(ctx context.Context, ref string) (Verification, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return Verification{}, err
	}
	v := &Verification{Subject: inv.Name(), Checks: []string{}, Faults: []string{}}
	if inv.ContentHash != "" {
		v.check(inv.Hash() == inv.ContentHash, "content hash", "the stored document is not the one that was issued")
	}
	if err := a.compareWithRun(ctx, v, inv); err != nil {
		return *v, err
	}
	v.check(inv.Gross.Equal(inv.Net.Add(inv.Tax)), "net and tax add up to gross", "%s + %s is not %s", inv.Net, inv.Tax, inv.Gross)
	if err := a.compareRenderings(ctx, v, inv); err != nil {
		return *v, err
	}
	return v.done(), nil
}

// compareWithRun drafts the run's documents again and compares lines; credits made by hand follow from their original.
func (a *App) compareWithRun(ctx context.Context, v *Verification, inv billing.Invoice) error {
	s, err := a.storedRun(ctx, inv.RunID)
	if err != nil {
		return err
	}
	if inv.Corrects != nil {
		original, err := a.store.Invoice(ctx, inv.Corrects.Number)
		if err != nil {
			return err
		}
		for _, l := range inv.Lines {
			i := slices.IndexFunc(original.Lines, func(o billing.Line) bool { return o.N == l.CorrectsLine })
			ok := l.CorrectsLine == 0 || i >= 0 && l.Net.Abs().Cmp(original.Lines[i].Net.Abs()) <= 0 && l.RuleID == original.Lines[i].RuleID &&
				l.TaxRate.Equal(original.Lines[i].TaxRate)
			v.check(ok, fmt.Sprintf("line %d mirrors line %d of %s", l.N, l.CorrectsLine, original.Number), "line %d does not mirror its original", l.N)
		}
		return nil
	}
	again, err := a.replay(ctx, s)
	if err != nil {
		return err
	}
	drafts, _, _ := again.documents(nil, inv.DraftedBy, inv.CreatedAt)
	i := slices.IndexFunc(drafts, func(d billing.Invoice) bool { return d.ID == inv.ID })
	if i < 0 {
		v.check(false, "", "its run, done again, makes no such document")
		return nil
	}
	v.check(bytes.Equal(content(inv), content(drafts[i])), fmt.Sprintf("%d lines follow from the run's snapshot, byte by byte", len(inv.Lines)),
		"done again, its lines are other ones")
	return nil
}

// content is what of a document follows from its run: its lines without tax, which may be known only at issue.
func content(inv billing.Invoice) []byte {
	lines := slices.Clone(inv.Lines)
	for i := range lines {
		lines[i].Tax, lines[i].TaxRate = "", lines[i].TaxRate.Sub(lines[i].TaxRate)
	}
	b, _ := json.Marshal(lines) // what was kept as JSON marshals
	return b
}

func (a *App) compareRenderings(ctx context.Context, v *Verification, inv billing.Invoice) error {
	kept, err := a.store.Renderings(ctx, inv.ID)
	if err != nil {
		return err
	}
	for _, f := range report.Formats() {
		want, ok := kept[string(f)]
		if !ok {
			continue
		}
		b, err := report.Render(f, asIssued(inv))
		v.check(err == nil && hashOf(b) == want, string(f)+" has the bytes that were issued", "%s has other bytes than those that were issued", f)
	}
	return nil
}
