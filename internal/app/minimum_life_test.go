package app_test

import "testing"

// G21: usage of 34.17 against a minimum of 50.00; a customer of 11 of 30 days has a minimum of 18.33.
func TestAMinimumFeeIsProratedByTheDaysOfACustomer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		customer, usage, prorate string
		want                     []string
	}{
		"the whole month":          {`{}`, "34.17", "true", []string{"VM: 34.17", "Minimum fee 2026-04: shortfall to 50.00 EUR: 15.83"}},
		"11 of 30 days":            {`{"served_from":"2026-04-20"}`, "34.17", "true", []string{"VM: 34.17"}},
		"11 of 30 days, less used": {`{"served_from":"2026-04-20"}`, "10.00", "true", []string{"VM: 10.00", "Minimum fee 2026-04: shortfall to 18.33 EUR: 8.33"}},
		"until the 11th":           {`{"served_to":"2026-04-11"}`, "10.00", "true", []string{"VM: 10.00", "Minimum fee 2026-04: shortfall to 18.33 EUR: 8.33"}},
		"not yet a customer":       {`{"served_from":"2026-05-01"}`, "10.00", "true", []string{"VM: 10.00"}},
		"11 of 30 days, unprorated": {`{"served_from":"2026-04-20"}`, "34.17", "false", []string{
			"VM: 34.17", "Minimum fee 2026-04: shortfall to 50.00 EUR: 15.83",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rules(`{"id":"floor","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"50.00"},"per":["customer","currency","month"],"prorate":` + c.prorate + `}`)
			d.recon("G000000001", april, acme("azure", "VM", "1", c.usage))
			d.setCustomer("Acme", c.customer)
			v := d.draft(d.run(april), "Acme")
			d.lines(v, c.want...)
			d.issue(v.ID)
			d.verifies(april)
		})
	}
}

// Credits do not count toward a minimum (D16), licences neither, and without an Azure plan line there is none.
func TestWhatCountsTowardAMinimumFee(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules(`{"id":"floor","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"50.00"}}`)
	d.recon("G000000001", april, acme("azure", "VM", "1", "34.17"), acme("credit", "VM", "1", "-20"), acme("licence", "Plan", "1", "70"), beta("licence", "Plan", "1", "1"))
	run := d.run(april)
	d.lines(d.draft(run, "Acme"), "VM: 34.17", "VM (Azure credit offer): -20.00", "Plan: 70.00", "Minimum fee 2026-04: shortfall to 50.00 EUR: 15.83")
	d.lines(d.draft(run, "Beta"), "Plan: 1.00")
}
