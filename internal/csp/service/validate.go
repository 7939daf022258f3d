package service

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Validate reports every field that is not in order, with its JSON pointer; none: the service is good.
func (s Service) Validate() []errs.Field {
	var v checker
	v.unless(s.CustomerID != "", "/customer_id", "required", "want the customer it is agreed with")
	v.unless(s.Name != "", "/name", "required", "want a name for the invoice line")
	v.unless(s.Currency.Valid(), "/currency", "currency", "%q is not a currency code", s.Currency)
	v.unless(!s.From.IsZero(), "/from", "required", "want the first day")
	v.unless(s.To.IsZero() || !s.To.Before(s.From), "/to", "range", "%s lies before from %s", s.To, s.From)
	v.unless(s.Price.Sign() >= 0, "/price", "min", "%s is below 0", s.Price)
	v.unless(s.Quantity.Sign() >= 0, "/quantity", "min", "%s is below 0", s.Quantity)
	v.unless(s.Cost.Sign() >= 0, "/cost", "min", "%s is below 0", s.Cost)
	s.checkModel(&v)
	return v.fields
}

func (s Service) checkModel(v *checker) {
	switch s.Model {
	case OneTime, Recurring:
		v.unless(s.Quantity.Sign() > 0, "/quantity", "required", "want more than 0")
	case Usage:
		for month, units := range s.Recorded {
			v.unless(units.Sign() >= 0, "/recorded/"+month.String(), "min", "%s is below 0", units)
		}
	case Percentage:
		v.unless(s.Percent.Sign() >= 0, "/percent", "min", "%s is below 0", s.Percent)
		v.unless(s.Percent.Sign() > 0 || s.Minimum != nil, "/percent", "required", "want a percentage or a minimum")
	default:
		v.unless(false, "/model", "value", "%q: want one-time, recurring, usage or percentage", s.Model)
	}
	v.unless(s.Model != Recurring || s.Timing == Advance || s.Timing == Arrears, "/timing", "value",
		"%q: want advance or arrears", s.Timing)
	limited := s.Minimum != nil || s.Maximum != nil
	v.unless(!limited || s.Model == Percentage, "/minimum", "conflict", "minimum and maximum belong to model percentage")
	v.unless(s.Minimum == nil || s.Minimum.Sign() >= 0, "/minimum", "min", "%s is below 0", s.Minimum)
	if s.Minimum != nil && s.Maximum != nil {
		v.unless(s.Minimum.Cmp(*s.Maximum) <= 0, "/maximum", "range", "%s lies below minimum %s", s.Maximum, s.Minimum)
	}
}

type checker struct{ fields []errs.Field }

func (v *checker) unless(ok bool, place, code, format string, args ...any) {
	if !ok {
		v.fields = append(v.fields, errs.Field{Place: place, Code: errs.Code(code), Detail: fmt.Sprintf(format, args...)})
	}
}
