package jsonout

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

type decimal = money.Decimal

// doc is the whole document in the order of its keys.
type doc struct {
	Version        int            `json:"version"`
	ID             string         `json:"id"`
	Number         *string        `json:"number"` // null while draft
	Type           billing.Type   `json:"type"`
	Draft          bool           `json:"draft"`
	Void           bool           `json:"void"`
	Estimate       bool           `json:"estimate"`
	Period         string         `json:"period"`
	IssuedOn       string         `json:"issued_on"`
	DueOn          string         `json:"due_on"`
	ServiceFrom    string         `json:"service_from"`
	ServiceTo      string         `json:"service_to"`
	Currency       money.Currency `json:"currency"`
	Net            string         `json:"net"`
	Tax            string         `json:"tax"`
	Gross          string         `json:"gross"`
	Paid           string         `json:"paid"`
	Due            string         `json:"due"`
	CustomerID     string         `json:"customer_id"`
	TenantID       string         `json:"tenant_id"`
	ResellerMPN    string         `json:"reseller_mpn,omitempty"`
	Seller         billing.Party  `json:"seller"`
	Bank           billing.Bank   `json:"bank"`
	Buyer          billing.Party  `json:"buyer"`
	BuyerReference string         `json:"buyer_reference,omitempty"`
	OrderReference string         `json:"order_reference,omitempty"`
	Terms          string         `json:"terms,omitempty"`
	Corrects       *reference     `json:"corrects,omitempty"`
	Reason         string         `json:"reason,omitempty"`
	Lines          []line         `json:"lines"`
	Taxes          []tax          `json:"taxes"`
	Notes          []string       `json:"notes,omitempty"`
	Usage          []usage        `json:"usage"`
	Staff          *staff         `json:"staff,omitempty"`
}

type reference struct {
	Number   string `json:"number"`
	IssuedOn string `json:"issued_on"`
}

type line struct {
	N              int                 `json:"n"`
	Kind           billing.Kind        `json:"kind"`
	Category       string              `json:"category"`
	Group          string              `json:"group"`
	Description    string              `json:"description"`
	ServiceFrom    string              `json:"service_from"`
	ServiceTo      string              `json:"service_to"`
	Quantity       string              `json:"quantity"`
	Unit           string              `json:"unit"`
	UnitPrice      string              `json:"unit_price"`
	Net            string              `json:"net"`
	TaxCategory    billing.TaxCategory `json:"tax_category"`
	TaxRate        string              `json:"tax_rate"`
	Exchange       *exchange           `json:"exchange,omitempty"`
	SubscriptionID string              `json:"subscription_id,omitempty"`
	ProductID      string              `json:"product_id,omitempty"`
	SkuID          string              `json:"sku_id,omitempty"`
	MeterID        string              `json:"meter_id,omitempty"`
	ResellerMPN    string              `json:"reseller_mpn,omitempty"`
	Staff          *staffLine          `json:"staff,omitempty"`
}

// exchange leaves out the amount before conversion, which need not be the customer's.
type exchange struct {
	From   money.Currency `json:"from"`
	Rate   string         `json:"rate"`
	Source string         `json:"source"`
	On     string         `json:"on"`
}

type tax struct {
	Category billing.TaxCategory `json:"category"`
	Rate     string              `json:"rate"`
	Base     string              `json:"base"`
	Amount   string              `json:"amount"`
	Reason   string              `json:"reason,omitempty"`
	Code     string              `json:"reason_code,omitempty"`
}

type usage struct {
	Service  string `json:"service"`
	Meter    string `json:"meter"`
	Unit     string `json:"unit"`
	Quantity string `json:"quantity"`
	Amount   string `json:"amount"`
}

// staff and staffLine are the partner's own.
type staff struct {
	RunID       string        `json:"run_id"`
	State       billing.State `json:"state"`
	CreatedAt   time.Time     `json:"created_at"`
	ContentHash string        `json:"content_hash,omitempty"`
}

type staffLine struct {
	Cost         string         `json:"cost"`
	CostCurrency money.Currency `json:"cost_currency,omitempty"`
	Retail       string         `json:"retail"`
	Converted    string         `json:"amount_before_conversion,omitempty"`
	ChargeType   string         `json:"charge_type,omitempty"`
	Rule         string         `json:"rule,omitempty"`
	RuleVersion  int            `json:"rule_version,omitempty"`
	Rounding     string         `json:"rounding,omitempty"`
	ChargeIDs    []string       `json:"charge_ids"`
	ServiceID    string         `json:"service_id,omitempty"`
}

func lineOf(l *billing.Line, c money.Currency) line {
	out := line{
		N: l.N, Kind: l.Kind, Category: l.Category, Group: l.Group, Description: l.Description,
		ServiceFrom: l.ServiceFrom.String(), ServiceTo: l.ServiceTo.String(), Quantity: l.Quantity.Plain(), Unit: l.Unit,
		UnitPrice: figure.Amount(l.UnitPrice, c), Net: figure.Amount(l.Net, c), TaxCategory: l.Tax, TaxRate: l.TaxRate.Plain(),
		SubscriptionID: l.SubscriptionID, ProductID: l.ProductID, SkuID: l.SkuID, MeterID: l.MeterID, ResellerMPN: l.ResellerMpnID,
	}
	if x := l.Exchange; x != nil {
		out.Exchange = &exchange{x.From, x.Rate.Plain(), x.Source, x.On.String()}
	}
	return out
}

func staffLineOf(l *billing.Line, c money.Currency) *staffLine {
	cost := l.CostCurrency
	if cost == "" {
		cost = c
	}
	out := &staffLine{
		Cost: figure.Amount(l.Cost, cost), CostCurrency: l.CostCurrency, Retail: figure.Amount(l.Retail, cost), ChargeType: l.ChargeType,
		Rule: l.RuleID, RuleVersion: l.RuleVersion, Rounding: l.Rounding, ChargeIDs: append([]string{}, l.ChargeIDs...), ServiceID: l.ServiceID,
	}
	if l.Exchange != nil {
		out.Converted = figure.Amount(l.Exchange.Amount, l.Exchange.From)
	}
	return out
}
