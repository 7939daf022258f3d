package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
)

// decode reads one JSON document strictly: a field that is not known is a fault, and so is anything behind it.
func decode(r io.Reader, what string, to any) error {
	d := json.NewDecoder(io.LimitReader(r, 16<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		place := "/"
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			place = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
		}
		return errs.New(errs.Invalid, "json.invalid", "%s cannot be read", what).With(errs.Field{Place: place, Code: "json.invalid", Detail: err.Error()})
	}
	if d.More() {
		return errs.New(errs.Invalid, "json.invalid", "%s holds more than one JSON document", what)
	}
	return nil
}

// AddRules adds rules, or new versions of those whose id is known: all of them or none.
func (a *App) AddRules(ctx context.Context, rules []pricing.Rule) ([]pricing.Rule, error) {
	return a.store.AddRules(ctx, rules)
}

// Rules lists the rules in force, strongest first.
func (a *App) Rules(ctx context.Context) ([]pricing.Rule, error) {
	rules, err := a.store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]pricing.Rule, 0, len(rules))
	for _, r := range pricing.NewBook(rules).Rules() {
		out = append(out, *r)
	}
	return out, nil
}

// Rule lists a rule's versions, oldest first.
func (a *App) Rule(ctx context.Context, id string) ([]pricing.Rule, error) {
	return a.store.RuleVersions(ctx, id)
}

// RemoveRule takes a rule out of force; what it priced keeps its version.
func (a *App) RemoveRule(ctx context.Context, id string) (pricing.Rule, error) {
	return a.store.RemoveRule(ctx, id)
}

// SetSeller changes what a JSON document names of the partner's own legal entity and policies: fields that it does not
// name stay. A logo may be a path beside the file: folder is where that is looked for.
func (a *App) SetSeller(ctx context.Context, r io.Reader, folder string) (billing.Seller, error) {
	s, err := a.store.Seller(ctx)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return s, err
	}
	version := s.Version
	if err := decode(r, "the seller", &s); err != nil {
		return s, err
	}
	s.Version = version
	s = withDefaults(s)
	logo, err := readLogo(s.Logo, folder)
	if err != nil {
		return s, err
	}
	s.Logo = logo
	faults := s.Validate()
	if _, err := billing.DecodeLogo(logo); err != nil {
		faults = append(faults, errs.Field{Place: "/logo", Code: errs.CodeOf(err), Detail: err.Error() + ", or a file beside the settings"})
	}
	if err := errs.Join("seller.invalid", "the seller is not complete", faults); err != nil {
		return s, err
	}
	return a.store.PutSeller(ctx, s)
}

// withDefaults fills what every seller needs and few have an opinion on.
func withDefaults(s billing.Seller) billing.Seller {
	if s.InvoiceSeries.Pattern == "" {
		s.InvoiceSeries.Pattern = "{year}-{n:05}"
	}
	if s.CreditNoteSeries.Pattern == "" {
		s.CreditNoteSeries.Pattern = "CN-{year}-{n:05}"
	}
	if s.Negative == "" {
		s.Negative = billing.NegativeCreditNote
	}
	if s.Correction == "" {
		s.Correction = billing.CorrectNextInvoice
	}
	return s
}

// Seller is the partner's own legal entity.
func (a *App) Seller(ctx context.Context) (billing.Seller, error) { return a.store.Seller(ctx) }

// DecodeReseller reads from JSON what a reseller is billed by: its party's fields, and beside them buyer_reference,
// order_reference and payment_days.
func DecodeReseller(r io.Reader, to *customer.Reseller) error {
	var in struct {
		billing.Party
		BuyerReference string `json:"buyer_reference"`
		OrderReference string `json:"order_reference"`
		PaymentDays    *int   `json:"payment_days"`
	}
	if err := decode(r, "the reseller", &in); err != nil {
		return err
	}
	if err := errs.Join("reseller.invalid", "the reseller is not complete", paymentDaysFaults(in.PaymentDays)); err != nil {
		return err
	}
	to.Party, to.BuyerReference, to.OrderReference, to.PaymentDays = in.Party, in.BuyerReference, in.OrderReference, in.PaymentDays
	return nil
}
