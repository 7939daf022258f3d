package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// fileFlag gives a command the JSON file that it needs.
func (s *session) fileFlag(c *cobra.Command, to *string, content string) *cobra.Command {
	c.Flags().StringVar(to, "file", "", "JSON file, or - for standard input: "+content)
	return needs(c, "file", "a JSON file, or - for standard input")
}

// readFile reads the file that a flag names; - is standard input.
func (s *session) readFile(path string) (io.Reader, error) {
	if path == "-" {
		return s.env.Stdin, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.New(errs.Invalid, "file.unreadable", "%s cannot be read: %w", path, pathless(err))
	}
	return bytes.NewReader(b), nil
}

// pathless is what the system says about a file, without its path.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (s *session) customerCommand() *cobra.Command {
	var name, domain, country, currency, file string
	add := s.verb("add TENANT", "Add a customer", "  chandler customer add 257a55c1-5e51-43a0-a2d1-9a33b520fc43 --name 'Contoso GmbH' --country DE", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			c, err := a.AddCustomer(ctx, customer.Customer{
				TenantID: args[0], Name: name, Domain: domain, Country: country,
				Currency: money.Currency(currency), Party: billing.Party{Name: name, Address: billing.Address{Country: country}},
			})
			return s.customer(c, err)
		})
	add.Flags().StringVar(&name, "name", "", "name")
	add.Flags().StringVar(&domain, "domain", "", "domain")
	add.Flags().StringVar(&country, "country", "", "country, two letters")
	add.Flags().StringVar(&currency, "currency", "", "invoice currency; that of the charges when not given")
	list := s.verb("list", "List customers", "  chandler customer list", noWords, func(ctx context.Context, a *app.App, _ []string) error {
		all, err := a.Customers(ctx)
		if err != nil {
			return err
		}
		return s.out.print(map[string]any{"items": all}, func(w io.Writer) {
			if len(all) == 0 {
				fmt.Fprintln(w, "no customers yet; importing Microsoft's files makes them")
				return
			}
			t := newTable("name", "tenant", "country", "origin", "id")
			for _, c := range all {
				t.add(c.Name, c.TenantID, c.Country, c.Origin, c.ID)
			}
			t.write(w)
		})
	})
	show := s.verb("show CUSTOMER", "Show a customer by id, tenant or name", "  chandler customer show 'Contoso GmbH'", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			c, err := a.Customer(ctx, args[0])
			return s.customer(c, err)
		})
	set := s.verb("set CUSTOMER", "Change what a JSON file names of a customer: address, VAT id, terms, tax, groups",
		"  echo '{\"party\": {\"name\": \"Contoso GmbH\", \"vatId\": \"DE123456789\"}}' | chandler customer set 'Contoso Demo' --file -", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := s.readFile(file)
			if err != nil {
				return err
			}
			c, err := a.SetCustomer(ctx, args[0], r)
			return s.customer(c, err)
		})
	s.fileFlag(set, &file, "the fields to change, as customer show --json prints them; others stay")
	return noun("customer", "Customers, as billing needs them", add, list, show, set)
}

func (s *session) customer(c customer.Customer, err error) error {
	if err != nil {
		return err
	}
	return s.out.print(c, func(w io.Writer) {
		fields(w, "customer", c.Name, "id", c.ID, "tenant", c.TenantID, "domain", c.Domain, "origin", c.Origin, "first seen in", c.FirstSeen,
			"legal name", c.Party.LegalName, "street", c.Party.Address.Street, "city", strings.TrimSpace(c.Party.Address.PostalCode+" "+c.Party.Address.City),
			"country", c.Party.Address.Country, "VAT id", c.Party.VATID, "invoice currency", string(c.Currency), "groups", strings.Join(c.Groups, ", "),
			"not billed", c.NotBilled)
	})
}

func (s *session) resellerCommand() *cobra.Command {
	var name, file string
	var bill bool
	set := s.verb("set MPN", "Name a reseller of record, and bill it in its customers' place with --bill", "  chandler reseller set 6048879 --name 'Adatum' --bill", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			r := customer.Reseller{MpnID: args[0], Name: name, Billed: bill}
			if file != "" {
				in, err := s.readFile(file)
				if err != nil {
					return err
				}
				if err := app.DecodeReseller(in, &r); err != nil {
					return err
				}
			}
			r, err := a.SetReseller(ctx, r)
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { fmt.Fprintf(w, "reseller %s %s, billed: %t\n", r.MpnID, r.Name, r.Billed) })
		})
	set.Flags().StringVar(&name, "name", "", "name")
	set.Flags().StringVar(&file, "file", "", "JSON file with name, address, VAT id, buyer_reference and payment_days")
	set.Flags().BoolVar(&bill, "bill", false, "its invoices replace those of its customers")
	list := s.verb("list", "List resellers", "  chandler reseller list", noWords, func(ctx context.Context, a *app.App, _ []string) error {
		all, err := a.Resellers(ctx)
		if err != nil {
			return err
		}
		return s.out.print(map[string]any{"items": all}, func(w io.Writer) {
			t := newTable("mpn", "name", "billed")
			for _, r := range all {
				t.add(r.MpnID, r.Name, strconv.FormatBool(r.Billed))
			}
			t.write(w)
		})
	})
	return noun("reseller", "Resellers of record", set, list)
}

func (s *session) sellerCommand() *cobra.Command {
	var file string
	set := s.verb("set", "Set the partner's own legal entity: address, VAT id, bank, logo, number series, tax and other policies",
		"  chandler seller set --file seller.json", noWords, func(ctx context.Context, a *app.App, _ []string) error {
			r, err := s.readFile(file)
			if err != nil {
				return err
			}
			v, err := a.SetSeller(ctx, r, filepath.Dir(file))
			return s.seller(v, err)
		})
	s.fileFlag(set, &file, "the fields to change, as seller show --json prints them; others stay")
	show := s.verb("show", "Show the seller", "  chandler seller show --json", noWords, func(ctx context.Context, a *app.App, _ []string) error {
		v, err := a.Seller(ctx)
		return s.seller(v, err)
	})
	return noun("seller", "The partner's own legal entity and policies", set, show)
}

func (s *session) seller(v billing.Seller, err error) error {
	if err != nil {
		return err
	}
	return s.out.print(v, func(w io.Writer) {
		fields(w, "seller", v.Name, "VAT id", v.VATID, "street", v.Address.Street, "city", strings.TrimSpace(v.Address.PostalCode+" "+v.Address.City),
			"country", v.Address.Country, "endpoint", strings.TrimPrefix(v.EndpointScheme+":"+v.EndpointID, ":"), "IBAN", v.Bank.IBAN,
			"invoice numbers", v.InvoiceSeries.Pattern, "credit note numbers", v.CreditNoteSeries.Pattern, "tax rate", v.Tax.Rate.Plain()+" %",
			"negative totals", string(v.Negative), "corrections", string(v.Correction))
	})
}

func (s *session) serviceCommand() *cobra.Command {
	var on period.Date
	var file, ref, reason string
	add := s.verb("add", "Agree a value-added service: one-time, recurring, usage, or a percentage of Azure spend", "  chandler service add --file managed-backup.json", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			r, err := s.readFile(file)
			if err != nil {
				return err
			}
			v, err := a.AddService(ctx, r)
			if err != nil {
				return err
			}
			return s.services([]service.Service{v}, v)
		})
	s.fileFlag(add, &file, "what is agreed")
	list := s.verb("list", "List services", "  chandler service list --customer 'Contoso GmbH'", noWords, func(ctx context.Context, a *app.App, _ []string) error {
		all, err := a.Services(ctx, ref)
		if err != nil {
			return err
		}
		return s.services(all, map[string]any{"items": all})
	})
	list.Flags().StringVar(&ref, "customer", "", "only of this customer: id, tenant or name")
	end := s.verb("end SERVICE", "End a service on its last day", "  chandler service end svc_… --on 2026-06-30 --reason 'moved in house'", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			v, err := a.EndService(ctx, args[0], on, reason)
			if err != nil {
				return err
			}
			return s.services([]service.Service{v}, v)
		})
	dateFlag(end, &on, "on", "last day")
	needs(end, "on", "the last day, such as 2026-06-30")
	end.Flags().StringVar(&reason, "reason", "", "why it ends")
	return noun("service", "Value-added services on the same invoice", add, list, s.serviceSet(), end)
}

func (s *session) serviceSet() *cobra.Command {
	var file string
	c := s.verb("set SERVICE", "Change what a JSON file names of a service: price, units recorded for a month, terms",
		"  echo '{\"recorded\": {\"2026-03\": \"42\"}}' | chandler service set svc_… --file -", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := s.readFile(file)
			if err != nil {
				return err
			}
			v, err := a.SetService(ctx, args[0], r)
			if err != nil {
				return err
			}
			return s.services([]service.Service{v}, v)
		})
	return s.fileFlag(c, &file, "the fields to change, as service list --json prints them; others stay")
}

func (s *session) services(list []service.Service, v any) error {
	return s.out.print(v, func(w io.Writer) {
		t := newTable("name", "model", ">price", "currency", "from", "to", "customer", "id")
		for _, x := range list {
			price := x.Price.String()
			if x.Model == service.Percentage {
				price = x.Percent.Plain() + " %"
			}
			t.add(x.Name, string(x.Model), price, string(x.Currency), x.From.String(), x.To.String(), x.CustomerID, x.ID)
		}
		t.write(w)
	})
}
