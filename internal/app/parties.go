package app

import (
	"context"
	"errors"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// parties is everyone that a run bills, as they were when it ran; it is kept with the run.
type parties struct {
	Seller    billing.Seller      `json:"seller"`
	Customers []customer.Customer `json:"customers"`
	Resellers []customer.Reseller `json:"resellers"`
	Services  []service.Service   `json:"services"`
	Balances  []billing.Balance   `json:"balances"`
	Issued    []billing.Invoice   `json:"issued"` // documents of the period that are issued already

	byTenant map[string]*customer.Customer
	byID     map[string]*customer.Customer
	issuedTo map[string][]billing.Invoice  // by buyer, oldest first, without what was credited in full
	billed   map[string]*customer.Reseller // resellers that are billed in their customers' place, by MPN
	issued   int64                         // documents of the period and later ones, before anything else was read
}

func (a *App) parties(ctx context.Context, p period.Month) (*parties, error) {
	ps := &parties{}
	var err error
	if ps.issued, err = a.store.IssuedFrom(ctx, p); err != nil {
		return nil, err
	}
	if ps.Seller, err = a.store.Seller(ctx); err != nil && !errors.Is(err, errs.NotFound) {
		return nil, err
	}
	if ps.Customers, err = a.store.Customers(ctx); err != nil {
		return nil, err
	}
	if ps.Resellers, err = a.store.Resellers(ctx); err != nil {
		return nil, err
	}
	if ps.Services, err = a.store.Services(ctx, ""); err != nil {
		return nil, err
	}
	if ps.Balances, err = a.store.OpenBalances(ctx, p); err != nil {
		return nil, err
	}
	if ps.Issued, err = a.store.IssuedInvoices(ctx, "", p); err != nil {
		return nil, err
	}
	for i := range ps.Issued { // what no comparison needs, and every run would keep again
		ps.Issued[i].Logo, ps.Issued[i].Usage = nil, nil
	}
	billed, err := a.store.BilledBalances(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, b := range billed { // a negative total of the period that a later, issued document carries: billed as well
		ps.Issued = append(ps.Issued, billing.Invoice{
			Number: b.Number, Type: billing.TypeCreditNote, State: billing.StateIssued,
			Period: b.Period, CustomerID: b.CustomerID, Currency: b.Currency, Net: b.Net, Lines: b.Lines,
		})
	}
	ps.index()
	return ps, nil
}

// payer is who a document goes to, as they are now, and the seller; a seller that was not set yet is empty.
func (a *App) payer(ctx context.Context, inv *billing.Invoice) (billing.Seller, billing.Buyer, error) {
	ps := &parties{}
	var err error
	if ps.Seller, err = a.store.Seller(ctx); err != nil && !errors.Is(err, errs.NotFound) {
		return ps.Seller, billing.Buyer{}, err
	}
	if ps.Resellers, err = a.store.Resellers(ctx); err != nil {
		return ps.Seller, billing.Buyer{}, err
	}
	c, err := a.store.Customer(ctx, inv.CustomerID)
	if err == nil {
		ps.Customers = []customer.Customer{c}
	} else if !errors.Is(err, errs.NotFound) { // a reseller is no customer
		return ps.Seller, billing.Buyer{}, err
	}
	ps.index()
	return ps.Seller, ps.buyer(inv.CustomerID), nil
}

func (ps *parties) index() {
	ps.byTenant, ps.byID, ps.billed = map[string]*customer.Customer{}, map[string]*customer.Customer{}, map[string]*customer.Reseller{}
	for i := range ps.Customers {
		c := &ps.Customers[i]
		ps.byTenant[c.TenantID], ps.byID[c.ID] = c, c
	}
	ps.issuedTo = map[string][]billing.Invoice{}
	for i := range ps.Issued {
		inv := &ps.Issued[i]
		ps.issuedTo[inv.CustomerID] = append(ps.issuedTo[inv.CustomerID], *inv)
	}
	for buyer, list := range ps.issuedTo {
		ps.issuedTo[buyer] = billing.Standing(list)
	}
	for i := range ps.Resellers {
		if r := &ps.Resellers[i]; r.Billed {
			ps.billed[r.MpnID] = r
		}
	}
}

// who is what price rules need of a tenant.
func (ps *parties) who(tenant string) rating.Who {
	if c := ps.byTenant[tenant]; c != nil {
		return rating.Who{CustomerID: c.ID, Groups: c.Groups}
	}
	return rating.Who{}
}

// daysIn is how many of a month's days an organisation was a customer; of an unknown one, all.
func (ps *parties) daysIn(customerID string, m period.Month) (active, days int) {
	if c := ps.byID[customerID]; c != nil {
		return c.DaysIn(m), m.Days()
	}
	return m.Days(), m.Days()
}

// resellerBuyer is the id under which a billed reseller's documents run.
func resellerBuyer(mpn string) string { return "mpn_" + mpn }

// buyerOf says who pays for a charge: the customer, or the reseller of record where that one is billed.
func (ps *parties) buyerOf(customerID, mpn string) string {
	if ps.billed[mpn] != nil {
		return resellerBuyer(mpn)
	}
	return customerID
}

// buyer is a customer or a billed reseller as a document needs it.
func (ps *parties) buyer(id string) billing.Buyer {
	for i := range ps.Resellers { // one that is not billed any more still has the documents that it got
		if r := &ps.Resellers[i]; resellerBuyer(r.MpnID) == id {
			return billing.Buyer{
				CustomerID: id, Party: nameParty(r.Party, r.Name, "Reseller "+r.MpnID), BuyerReference: r.BuyerReference,
				OrderReference: r.OrderReference, PaymentDays: r.PaymentDays,
			}
		}
	}
	c := ps.byID[id]
	if c == nil {
		return billing.Buyer{CustomerID: id}
	}
	return billing.Buyer{
		CustomerID: c.ID, TenantID: c.TenantID, Party: nameParty(c.Party, c.Name, c.TenantID), BuyerReference: c.BuyerReference,
		OrderReference: c.OrderReference, PaymentDays: c.PaymentDays, TaxCategory: c.TaxCategory, TaxRate: c.TaxRate,
		TaxReason: c.TaxReason, HideZeroLines: c.HideZeroLines,
	}
}

func nameParty(p billing.Party, names ...string) billing.Party {
	for _, n := range names {
		if p.Name == "" {
			p.Name = n
		}
	}
	return p
}

// ref names a buyer in lists.
func (ps *parties) ref(id string) CustomerRef {
	b := ps.buyer(id)
	return CustomerRef{ID: id, TenantID: b.TenantID, Name: b.Party.Name}
}
