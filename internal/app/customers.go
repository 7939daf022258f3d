package app

import (
	"context"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// readLogo takes a logo as base64, or as the path of a file in folder.
func readLogo(logo, folder string) (string, error) {
	if logo == "" || len(logo) > 1024 {
		return logo, nil
	}
	path := logo
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return logo, nil //nolint:nilerr // then it is base64, which Validate checks
	}
	if len(b) > 2<<20 {
		return "", errs.New(errs.Invalid, "seller.logo_large", "the logo %s has more than 2 MiB", logo)
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

var tenant = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Customers lists customers by name.
func (a *App) Customers(ctx context.Context) ([]customer.Customer, error) {
	return a.store.Customers(ctx)
}

// Customer finds one by id, tenant or name.
func (a *App) Customer(ctx context.Context, ref string) (customer.Customer, error) {
	return a.store.Customer(ctx, ref)
}

// AddCustomer makes a customer for a tenant.
func (a *App) AddCustomer(ctx context.Context, c customer.Customer) (customer.Customer, error) {
	c.TenantID = strings.ToLower(strings.TrimSpace(c.TenantID))
	c.ID, c.Origin, c.CreatedAt, c.Version = id.New("cus", a.opts.Now()), "added", a.opts.Now(), 0
	if c.Party.Name == "" {
		c.Party.Name = c.Name
	}
	faults := append(customerFaults(c), tenantFaults(c)...)
	if err := errs.Join("customer.invalid", "the customer is not complete", faults); err != nil {
		return c, err
	}
	return a.store.PutCustomer(ctx, c)
}

// SetCustomer changes what a JSON document names of a customer: fields that it does not name stay.
func (a *App) SetCustomer(ctx context.Context, ref string, r io.Reader) (customer.Customer, error) {
	c, err := a.store.Customer(ctx, ref)
	if err != nil {
		return c, err
	}
	was := c
	if err := decode(r, "the customer", &c); err != nil {
		return was, err
	}
	c.ID, c.TenantID, c.CreatedAt, c.Version = was.ID, was.TenantID, was.CreatedAt, was.Version
	c.Origin = "added" // a person has looked at it
	if err := errs.Join("customer.invalid", "the customer is not complete", customerFaults(c)); err != nil {
		return was, err
	}
	return a.store.PutCustomer(ctx, c)
}

// tenantFaults checks whose customer it is, which only adding one decides. Accounts of other clouds are numbers.
func tenantFaults(c customer.Customer) []errs.Field {
	if tenant.MatchString(c.TenantID) || strings.ContainsAny(c.TenantID, "0123456789") {
		return nil
	}
	return []errs.Field{{Place: "/tenant_id", Code: "value", Detail: "a tenant id such as 257a55c1-5e51-43a0-a2d1-9a33b520fc43"}}
}

// paymentDaysFaults checks how long who is billed has to pay; nil is the seller's terms.
func paymentDaysFaults(days *int) []errs.Field {
	if days == nil || *days >= 0 && *days <= 365 {
		return nil
	}
	return []errs.Field{{Place: "/payment_days", Code: "range", Detail: "0 to 365 days"}}
}

func customerFaults(c customer.Customer) []errs.Field {
	var f []errs.Field
	add := func(place string, code errs.Code, detail string) {
		f = append(f, errs.Field{Place: place, Code: code, Detail: detail})
	}
	if strings.TrimSpace(c.Name) == "" {
		add("/name", "required", "a name")
	}
	if c.Currency != "" && !c.Currency.Valid() {
		add("/currency", "format", "an ISO 4217 code such as EUR")
	}
	if c.Country != "" && len(c.Country) != 2 || c.Party.Address.Country != "" && len(c.Party.Address.Country) != 2 {
		add("/party/address/country", "format", "an ISO 3166 code of two letters")
	}
	f = append(f, paymentDaysFaults(c.PaymentDays)...)
	if !c.ServedTo.IsZero() && c.ServedTo.Before(c.ServedFrom) {
		add("/served_to", "range", "before served_from")
	}
	switch c.TaxCategory {
	case "", billing.TaxStandard, billing.TaxZero, billing.TaxExempt, billing.TaxReverseCharge, billing.TaxExport, billing.TaxOutOfScope, billing.TaxIntraEU:
	default:
		add("/tax_category", "enum", "one of S, Z, E, AE, G, O, K")
	}
	if c.TaxRate != nil && c.TaxRate.Sign() < 0 {
		add("/tax_rate", "range", "not below 0")
	}
	return f
}

var mpn = regexp.MustCompile(`^[1-9][0-9]{3,9}$`)

// SetReseller names a reseller of record, and says whether it is billed in its customers' place.
func (a *App) SetReseller(ctx context.Context, r customer.Reseller) (customer.Reseller, error) {
	if !mpn.MatchString(r.MpnID) {
		return r, errs.New(errs.Invalid, "reseller.mpn", "a Microsoft partner id is a number such as 6048879, not %q", r.MpnID)
	}
	known, err := a.store.Resellers(ctx)
	if err != nil {
		return r, err
	}
	for _, k := range known {
		if k.MpnID == r.MpnID {
			r.Version = k.Version
			if r.Name == "" {
				r.Name = k.Name
			}
			if r.Party == (billing.Party{}) { // no file was given: what it said before stays
				r.Party, r.BuyerReference, r.OrderReference, r.PaymentDays = k.Party, k.BuyerReference, k.OrderReference, k.PaymentDays
			}
		}
	}
	return a.store.PutReseller(ctx, r)
}

// Resellers lists the resellers that were set.
func (a *App) Resellers(ctx context.Context) ([]customer.Reseller, error) {
	return a.store.Resellers(ctx)
}

// AddService agrees a value-added service with a customer, from JSON; customer_id may be an id, tenant or name.
func (a *App) AddService(ctx context.Context, r io.Reader) (service.Service, error) {
	var s service.Service
	if err := decode(r, "the service", &s); err != nil {
		return s, err
	}
	c, err := a.store.Customer(ctx, s.CustomerID)
	if err != nil {
		return s, err
	}
	s.ID, s.CustomerID, s.CreatedAt, s.Version = id.New("svc", a.opts.Now()), c.ID, a.opts.Now(), 0
	if err := errs.Join("service.invalid", "the service is not complete", s.Validate()); err != nil {
		return s, err
	}
	return a.store.PutService(ctx, s)
}

// Services lists services, of one customer when ref is given.
func (a *App) Services(ctx context.Context, ref string) ([]service.Service, error) {
	customerID := ""
	if ref != "" {
		c, err := a.store.Customer(ctx, ref)
		if err != nil {
			return nil, err
		}
		customerID = c.ID
	}
	return a.store.Services(ctx, customerID)
}

// EndService ends a service on its last day.
func (a *App) EndService(ctx context.Context, serviceID string, on period.Date, reason string) (service.Service, error) {
	s, err := a.store.Service(ctx, serviceID)
	if err != nil {
		return s, err
	}
	s.To, s.EndReason = on, reason
	if err := errs.Join("service.invalid", "the service cannot end so", s.Validate()); err != nil {
		return s, err
	}
	return a.store.PutService(ctx, s)
}
