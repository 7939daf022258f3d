package storetest

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
)

const tenantA, tenantB = "257a55c1-5e51-43a0-a2d1-9a33b520fc43", "11111111-5e51-43a0-a2d1-9a33b520fc43"

func acme(id, tenant, name string) customer.Customer {
	days, rate := 30, money.MustParse("19.00")
	return customer.Customer{
		ID: id, TenantID: tenant, Name: name, Domain: "acme.example", Country: "DE", Groups: []string{"gold", "public"}, Origin: "added",
		Party:          billing.Party{Name: name, Address: billing.Address{Street: "1 High Street", City: "Bonn", Country: "DE"}},
		BuyerReference: "04011000-1234", Currency: "EUR", PaymentDays: &days, TaxCategory: billing.TaxStandard, TaxRate: &rate,
		CreatedAt: day,
	}
}

var customerCases = []testCase{
	{"a customer is found by id, by tenant in any case and by name in any spelling", func(e *env) {
		want := got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme  GmbH")))(e)
		if want.Version != 1 {
			e.Errorf("version %d, want 1", want.Version)
		}
		for _, ref := range []string{"cus_1", tenantA, "257A55C1-5E51-43A0-A2D1-9A33B520FC43", "Acme  GmbH", " acme gmbh "} {
			same(e, got(e.Customer(e.Context(), ref))(e), want)
		}
	}},
	{"a customer that nobody knows is not found", func(e *env) {
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		for _, ref := range []string{"cus_2", tenantB, "Acm", ""} {
			_, err := e.Customer(e.Context(), ref)
			e.refused(err, errs.NotFound, "customer.unknown")
		}
	}},
	{"a name that two customers have tells none of them", func(e *env) {
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		got(e.PutCustomer(e.Context(), acme("cus_2", tenantB, "ACME")))(e)
		_, err := e.Customer(e.Context(), "acme")
		e.refused(err, errs.Conflict, "customer.ambiguous")
		if c := got(e.Customer(e.Context(), tenantB))(e); c.ID != "cus_2" {
			e.Errorf("tenant B is %s", c.ID)
		}
	}},
	{"customers are listed by name", func(e *env) {
		for _, c := range []customer.Customer{acme("cus_1", tenantA, "beta"), acme("cus_3", tenantB, "Alpha"), acme("cus_2", "", "Beta")} {
			got(e.PutCustomer(e.Context(), c))(e)
		}
		var ids []string
		for _, c := range got(e.Customers(e.Context()))(e) {
			ids = append(ids, c.ID)
		}
		same(e, ids, []string{"cus_3", "cus_1", "cus_2"})
	}},
	{"a change needs the version that is there", func(e *env) {
		first := got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		changed := first
		changed.Name = "Acme Renamed"
		second := got(e.PutCustomer(e.Context(), changed))(e)
		if second.Version != 2 {
			e.Errorf("version %d, want 2", second.Version)
		}
		first.Name = "Acme Overtaken"
		_, err := e.PutCustomer(e.Context(), first)
		e.refused(err, errs.Conflict, "customer.changed")
		same(e, got(e.Customer(e.Context(), "Acme Renamed"))(e), second)
		_, err = e.Customer(e.Context(), "Acme")
		e.refused(err, errs.NotFound, "customer.unknown")
	}},
	{"of two changes of one version at once one is kept", func(e *env) {
		first := got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		other := e.open()
		bad := failures(atOnce(
			func() error { _, err := e.PutCustomer(e.Context(), first); return err },
			func() error { _, err := other.PutCustomer(e.Context(), first); return err },
		))
		if len(bad) != 1 {
			e.Fatalf("%d of 2 changes were refused: %v", len(bad), bad)
		}
		e.refused(bad[0], errs.Conflict, "customer.changed")
	}},
	{"a change of a customer that is not there is not found", func(e *env) {
		c := acme("cus_1", tenantA, "Acme")
		c.Version = 1
		_, err := e.PutCustomer(e.Context(), c)
		e.refused(err, errs.NotFound, "customer.unknown")
	}},
	{"one tenant belongs to one customer", func(e *env) {
		got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		second := got(e.PutCustomer(e.Context(), acme("cus_2", tenantB, "Beta")))(e)
		_, err := e.PutCustomer(e.Context(), acme("cus_3", "257A55C1-5E51-43A0-A2D1-9A33B520FC43", "Gamma"))
		e.refused(err, errs.Conflict, "customer.exists")
		second.TenantID = tenantA
		_, err = e.PutCustomer(e.Context(), second)
		e.refused(err, errs.Conflict, "customer.exists")
		if all := got(e.Customers(e.Context()))(e); len(all) != 2 {
			e.Errorf("%d customers, want 2", len(all))
		}
	}},
	{"customers from a file are added once, and known ones stay as they are", func(e *env) {
		known := got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		file := []customer.Customer{acme("cus_8", tenantA, "Other name"), acme("cus_9", tenantB, "New")}
		file[1].Origin = "imported"
		want := file[1]
		want.Version = 1
		same(e, got(e.EnsureCustomers(e.Context(), file))(e), []customer.Customer{want})
		same(e, got(e.EnsureCustomers(e.Context(), file))(e), nil)
		same(e, got(e.Customers(e.Context()))(e), []customer.Customer{known, want})
	}},
	{"two imports at once make each customer once", func(e *env) {
		file := make([]customer.Customer, 40)
		reversed := make([]customer.Customer, len(file))
		for i := range file {
			file[i] = acme(fmt.Sprintf("cus_a%02d", i), fmt.Sprintf("tenant-%02d", i), "Acme")
			reversed[len(file)-1-i] = acme(fmt.Sprintf("cus_b%02d", i), fmt.Sprintf("tenant-%02d", i), "Acme")
		}
		var first, second []customer.Customer
		other := e.open()
		for _, err := range atOnce(
			func() (err error) { first, err = e.EnsureCustomers(e.Context(), file); return err },
			func() (err error) { second, err = other.EnsureCustomers(e.Context(), reversed); return err },
		) {
			e.must(err)
		}
		if all := got(e.Customers(e.Context()))(e); len(all) != len(file) || len(first)+len(second) != len(file) {
			e.Errorf("%d customers of %d + %d, want %d", len(all), len(first), len(second), len(file))
		}
	}},
}
