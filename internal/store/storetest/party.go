package storetest

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

var resellerCases = []testCase{
	{"resellers are kept with their versions and listed by partner id", func(e *env) {
		second := got(e.PutReseller(e.Context(), customer.Reseller{MpnID: "6048879", Name: "Two", Party: billing.Party{Name: "Two Ltd"}}))(e)
		first := got(e.PutReseller(e.Context(), customer.Reseller{MpnID: "1234567", Name: "One"}))(e)
		first.Billed = true
		first = got(e.PutReseller(e.Context(), first))(e)
		if first.Version != 2 || second.Version != 1 {
			e.Errorf("versions %d and %d, want 2 and 1", first.Version, second.Version)
		}
		same(e, got(e.Resellers(e.Context()))(e), []customer.Reseller{first, second})
	}},
	{"a reseller is added once and changed by its version", func(e *env) {
		r := customer.Reseller{MpnID: "6048879", Name: "Two"}
		kept := got(e.PutReseller(e.Context(), r))(e)
		_, err := e.PutReseller(e.Context(), r)
		e.refused(err, errs.Conflict, "reseller.exists")
		r.Version = 7
		_, err = e.PutReseller(e.Context(), r)
		e.refused(err, errs.Conflict, "reseller.changed")
		same(e, got(e.Resellers(e.Context()))(e), []customer.Reseller{kept})
	}},
}

func support(id, customerID string) service.Service {
	most := money.MustParse("500.00")
	return service.Service{
		ID: id, CustomerID: customerID, Name: "Support", Model: service.Percentage, Currency: "EUR", Percent: money.MustParse("3.50"),
		Maximum: &most, From: period.MustDate("2026-01-15"), CreatedAt: day,
		Recorded: map[period.Month]money.Decimal{period.MustMonth("2026-03"): money.MustParse("7.0")},
	}
}

var serviceCases = []testCase{
	{"a service comes back as it was agreed, alone and in lists", func(e *env) {
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		got(e.PutCustomer(e.Context(), acme("cus_2", tenantB, "Beta")))(e)
		b := got(e.PutService(e.Context(), support("svc_b", "cus_1")))(e)
		a := got(e.PutService(e.Context(), support("svc_a", "cus_1")))(e)
		c := got(e.PutService(e.Context(), support("svc_0", "cus_2")))(e)
		same(e, got(e.Service(e.Context(), "svc_a"))(e), a)
		same(e, got(e.Services(e.Context(), "cus_1"))(e), []service.Service{a, b})
		same(e, got(e.Services(e.Context(), ""))(e), []service.Service{a, b, c})
		same(e, got(e.Services(e.Context(), "cus_3"))(e), []service.Service{})
	}},
	{"a service is changed by its version", func(e *env) {
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		first := got(e.PutService(e.Context(), support("svc_a", "cus_1")))(e)
		ended := first
		ended.To, ended.EndReason = period.MustDate("2026-04-30"), "moved"
		second := got(e.PutService(e.Context(), ended))(e)
		_, err := e.PutService(e.Context(), first)
		e.refused(err, errs.Conflict, "service.changed")
		same(e, got(e.Service(e.Context(), "svc_a"))(e), second)
		_, err = e.PutService(e.Context(), support("svc_a", "cus_1"))
		e.refused(err, errs.Conflict, "service.exists")
	}},
	{"a service that is not there is not found", func(e *env) {
		_, err := e.Service(e.Context(), "svc_a")
		e.refused(err, errs.NotFound, "service.unknown")
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		s := support("svc_a", "cus_1")
		s.Version = 1
		_, err = e.PutService(e.Context(), s)
		e.refused(err, errs.NotFound, "service.unknown")
	}},
	{"a service needs its customer", func(e *env) {
		_, err := e.PutService(e.Context(), support("svc_a", "cus_1"))
		e.refused(err, errs.Precondition, "store.missing_reference")
		same(e, got(e.Services(e.Context(), ""))(e), []service.Service{})
	}},
}

func partner() billing.Seller {
	return billing.Seller{
		Party: billing.Party{Name: "Partner GmbH"}, Logo: "aGVsbG8=", TermsDays: 14, InvoiceSeries: billing.NumberSeries{Pattern: "{year}-{n:05}"},
		Tax:      billing.TaxPolicy{Rate: money.MustParse("19.0"), Rates: map[string]money.Decimal{"service": money.MustParse("7")}},
		Approval: billing.ApprovalPolicy{FourEyesAbove: map[money.Currency]money.Decimal{"EUR": money.MustParse("1000.00")}},
	}
}

var sellerCases = []testCase{
	{"the seller is what was set last", func(e *env) {
		_, err := e.Seller(e.Context())
		e.refused(err, errs.NotFound, "seller.unknown")
		first := got(e.PutSeller(e.Context(), partner()))(e)
		same(e, got(e.Seller(e.Context()))(e), first)
		next := partner()
		next.TermsDays = 30
		second := got(e.PutSeller(e.Context(), next))(e)
		if first.Version != 1 || second.Version != 2 {
			e.Errorf("versions %d, %d, want 1, 2", first.Version, second.Version)
		}
		same(e, got(e.Seller(e.Context()))(e), second)
	}},
	{"the same seller again makes no new version", func(e *env) {
		got(e.PutSeller(e.Context(), partner()))(e)
		if again := got(e.PutSeller(e.Context(), partner()))(e); again.Version != 1 {
			e.Errorf("version %d, want 1", again.Version)
		}
	}},
	{"a version that is given must be the one that is there", func(e *env) {
		first := got(e.PutSeller(e.Context(), partner()))(e)
		first.TermsDays = 30
		second := got(e.PutSeller(e.Context(), first))(e)
		first.TermsDays = 60
		_, err := e.PutSeller(e.Context(), first)
		e.refused(err, errs.Conflict, "seller.changed")
		same(e, got(e.Seller(e.Context()))(e), second)
	}},
}
