package rating_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// sharedCase reads a golden case of the example data that CHANDLER_TESTDATA names.
func sharedCase(t *testing.T, id string, input, expected any) {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the example data is not tested; the package's own cases are")
	}
	text, err := os.ReadFile(filepath.Join(root, "data", "golden", "golden_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID              string
		Input, Expected json.RawMessage
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cases, func(c struct {
		ID              string
		Input, Expected json.RawMessage
	},
	) bool {
		return c.ID == id
	})
	if i < 0 {
		t.Fatalf("no case %s", id)
	}
	for _, part := range []struct {
		from json.RawMessage
		to   any
	}{{cases[i].Input, input}, {cases[i].Expected, expected}} {
		if err := json.Unmarshal(part.from, part.to); err != nil {
			t.Fatal(err)
		}
	}
}

func same(t *testing.T, what string, got money.Decimal, want string) {
	t.Helper()
	if want == "" || !got.Equal(d(want)) {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func rounded(t *testing.T, what string, got money.Decimal, want string) {
	t.Helper()
	w := d(want)
	same(t, what, got.Round(money.HalfUp, w.Scale()), want)
}

func TestSharedGoldenG01Meter(t *testing.T) {
	t.Parallel()
	var in struct{ UnitPrice, PEC, PCToBCExchangeRate string }
	var want struct {
		Rows     [][3]string `json:"rows_qty_cost_eup"` //nolint:tagliatelle // as in the file
		Subtotal string      `json:"subtotalBillingCurrency"`
	}
	sharedCase(t, "G01", &in, &want)
	net := d(in.UnitPrice).Mul(d("1").Sub(d(in.PEC)))
	for _, r := range want.Rows {
		same(t, r[0]+" units", rating.UsageAmount(net, d(r[0]), d("1")), r[1])
		eup, err := d(r[1]).QuoRound(d(r[0]), money.HalfUp, 15)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "unit price of "+r[0], eup, r[2])
	}
	last := want.Rows[len(want.Rows)-1]
	same(t, "subtotal", rating.UsageAmount(d(last[2]), d(last[0]), d(in.PCToBCExchangeRate)), want.Subtotal)
}

func TestSharedGoldenG03FreeQuantity(t *testing.T) {
	t.Parallel()
	var in struct{ Qty, Free, Price string }
	var want struct {
		Raw, Rounddown string
		Up             string `json:"half_up"`   //nolint:tagliatelle // as in the file
		Even           string `json:"half_even"` //nolint:tagliatelle // as in the file
	}
	sharedCase(t, "G03", &in, &want)
	sheet := sheetOf(priced("006F", "0", "0", in.Free, "2018-03-01", ""), priced("006F", in.Price, in.Free, "", "2018-03-01", ""))
	raw := rating.List([]usage.Group{used("006F", "2026-03-01", "2026-03-31", in.Qty, in.Price)}, sheet)[0].Amount
	same(t, "raw", raw, want.Raw)
	same(t, "truncated", raw.Round(money.Down, 2), want.Rounddown)
	same(t, "half-up", raw.Round(money.HalfUp, 2), want.Up)
	same(t, "half-even", raw.Round(money.HalfEven, 2), want.Even)
}

func TestSharedGoldenG04TwoLines(t *testing.T) {
	t.Parallel()
	type line struct{ Qty, Eup, Subtotal string }
	var in struct {
		UnitPrice, QtyPerDay string
		PecDays, NoPecDays   int64
	}
	var want struct {
		ReconEligible, ReconIneligible line
		DruSum, Total                  string
	}
	sharedCase(t, "G04", &in, &want)
	var groups []usage.Group
	for day := range in.PecDays + in.NoPecDays {
		date := march.First().AddDays(int(day)).String()
		g := used("006G", date, date, in.QtyPerDay, in.UnitPrice, numbered(day))
		if day < in.PecDays {
			withPEC(&g)
		}
		groups = append(groups, g)
	}
	var sum, total money.Decimal
	for _, g := range groups {
		sum = sum.Add(g.Billed)
	}
	same(t, "usage", sum, want.DruSum)
	for _, l := range rating.Estimate(rating.List(groups, sheetOf(priced("006G", in.UnitPrice, "", "", "2018-03-01", "")))) {
		w := want.ReconIneligible
		if rating.HasPEC(l) {
			w = want.ReconEligible
		}
		same(t, "quantity", l.BillableQuantity, w.Qty)
		same(t, "unit price", l.EffectiveUnitPrice, w.Eup)
		same(t, "subtotal", l.Subtotal, w.Subtotal)
		total = total.Add(l.Total)
	}
	same(t, "total", total, want.Total)
}

func TestSharedGoldenG05G07G08SeatModes(t *testing.T) {
	t.Parallel()
	type modes struct{ UnitMode, LineMode string }
	var in5 struct {
		UnitPrice              string
		CycleDays, BillingDays int
	}
	var want5 struct {
		New                string
		UnitMode, LineMode struct{ Refund10, Charge12 string }
	}
	sharedCase(t, "G05", &in5, &want5)
	eup := rating.Share{Days: in5.BillingDays, Of: in5.CycleDays}.Apply(d(in5.UnitPrice))
	same(t, "new", rating.LineAmount(d(in5.UnitPrice), d("10"), d("1")), want5.New)
	same(t, "refund, unit", rating.UnitAmount(eup.Neg(), d("10"), d("1")), want5.UnitMode.Refund10)
	same(t, "refund, line", rating.LineAmount(eup.Neg(), d("10"), d("1")), want5.LineMode.Refund10)
	same(t, "charge, unit", rating.UnitAmount(eup, d("12"), d("1")), want5.UnitMode.Charge12)
	same(t, "charge, line", rating.LineAmount(eup, d("12"), d("1")), want5.LineMode.Charge12)

	var in7 struct {
		UnitPrice                   string
		CycleDays, BillingDays, Qty int
	}
	var want7 modes
	sharedCase(t, "G07", &in7, &want7)
	eup = rating.Share{Days: in7.BillingDays, Of: in7.CycleDays}.Apply(d(in7.UnitPrice).Neg())
	same(t, "cancel, unit", rating.UnitAmount(eup, money.FromInt(int64(in7.Qty)), d("1")), want7.UnitMode)
	same(t, "cancel, line", rating.LineAmount(eup, money.FromInt(int64(in7.Qty)), d("1")), want7.LineMode)

	var in8 struct{ Days, CycleDays, Qty int }
	var want8 struct{ UnitMode, LineMode []string }
	sharedCase(t, "G08", &in8, &want8)
	for i, price := range []string{"-10.08", "6.43"} {
		eup = rating.Share{Days: in8.Days, Of: in8.CycleDays}.Apply(d(price))
		same(t, price+", unit", rating.UnitAmount(eup, money.FromInt(int64(in8.Qty)), d("1")), want8.UnitMode[i])
		same(t, price+", line", rating.LineAmount(eup, money.FromInt(int64(in8.Qty)), d("1")), want8.LineMode[i])
	}
}

func TestSharedGoldenG06ElevenLines(t *testing.T) {
	t.Parallel()
	var in struct {
		UnitPrice string
		CycleDays int
	}
	var want struct {
		Lines [][6]any `json:"lines_date_type_days_qty_shownEUP_subtotal"` //nolint:tagliatelle // as in the file
		Sum   string
	}
	sharedCase(t, "G06", &in, &want)
	var sum money.Decimal
	for _, w := range want.Lines {
		date, kind, shown, subtotal := fmt.Sprint(w[0]), fmt.Sprint(w[1]), fmt.Sprint(w[4]), fmt.Sprint(w[5])
		l := licence(kind, date, "2022-04-04", shown, fmt.Sprint(w[3]), subtotal)
		l.UnitPrice = d(in.UnitPrice)
		u := rating.Recompute(l)
		if u.Mode == rating.ModeNone || u.Share != rating.Whole && fmt.Sprint(u.Share) != fmt.Sprintf("{%v %d}", w[2], in.CycleDays) {
			t.Errorf("%s %s: mode %s, share %v, want %v days", date, kind, u.Mode, u.Share, w[2])
		}
		same(t, date+" "+kind, u.Expected, subtotal)
		sum = sum.Add(u.Expected)
	}
	same(t, "sum", sum, want.Sum)
}

func TestSharedGoldenG09Variance(t *testing.T) {
	t.Parallel()
	var in struct{ DruBillingPreTaxTotal []string }
	var want struct{ DruSum, ReconSubtotal, PerRowRounddown, PerRowHalfUp, Variance string }
	sharedCase(t, "G09", &in, &want)
	var groups []usage.Group
	var down, up money.Decimal
	for i, billed := range in.DruBillingPreTaxTotal {
		groups = append(groups, used("006G", "2026-03-01", "2026-03-01", "1", "0.5", numbered(int64(i)), func(g *usage.Group) { g.Billed = d(billed) }))
		down, up = down.Add(d(billed).Round(money.Down, 2)), up.Add(d(billed).Round(money.HalfUp, 2))
	}
	listed := rating.List(groups, demoSheet())
	lines := rating.Estimate(listed)
	for _, b := range rating.Join(lines, listed, nil) {
		same(t, "usage", b.UsageBilled(), want.DruSum)
		same(t, "variance", b.UsageBilled().Sub(b.Lines[0].Subtotal), want.Variance)
	}
	same(t, "line", lines[0].Subtotal, want.ReconSubtotal)
	same(t, "by row, truncated", down, want.PerRowRounddown)
	same(t, "by row, half-up", up, want.PerRowHalfUp)
}

func TestSharedGoldenG11Ties(t *testing.T) {
	t.Parallel()
	var in struct{}
	var want map[string]struct {
		Up              string `json:"half_up"`   //nolint:tagliatelle // as in the file
		Even            string `json:"half_even"` //nolint:tagliatelle // as in the file
		Truncate, Floor string
	}
	sharedCase(t, "G11", &in, &want)
	for x, w := range want {
		for mode, text := range map[money.Mode]string{money.HalfUp: w.Up, money.HalfEven: w.Even, money.Down: w.Truncate, money.Floor: w.Floor} {
			if got, text := d(x).Round(mode, 2).Fixed(2), strings.Replace(text, "-0.00", "0.00", 1); got != text { // never print -0.00
				t.Errorf("%s %s: %s, want %s", x, mode, got, text)
			}
		}
	}
	if len(want) < 9 {
		t.Errorf("only %d ties", len(want))
	}
}

func TestSharedGoldenG14Currencies(t *testing.T) {
	t.Parallel()
	var in, want map[string]string
	sharedCase(t, "G14", &in, &want)
	amount := d(in["eur"])
	same(t, "CHF", amount.MulExact(d(in["CHF"])).Round(money.HalfUp, 2), want["CHF"])
	same(t, "KWD", amount.MulExact(d(in["KWD"])).Round(money.HalfUp, 3), want["KWD"])
	same(t, "JPY, half-up", d("100").MulExact(d(in["JPY"])).Round(money.HalfUp, 0), want["JPY_half_up"])
	same(t, "JPY, half-even", d("100").MulExact(d(in["JPY"])).Round(money.HalfEven, 0), want["JPY_half_even"])
}

func TestSharedGoldenG15Zeros(t *testing.T) {
	t.Parallel()
	var in struct{ Rows []string }
	var want struct{ LineAmounts []string }
	sharedCase(t, "G15", &in, &want)
	trial := licence("new", "2022-03-05", "2022-04-04", "0", "25", "0.00")
	trial.UnitPrice = money.Zero
	listed := rating.List([]usage.Group{used("006G", "2026-03-01", "2026-03-01", "1.07", "0.5", covered)}, demoSheet())
	nothing := rating.Recompute(metered("006G", "0.5", "0.5", "0", "0.00"))
	for i, got := range []money.Decimal{rating.Recompute(trial).Expected, listed[0].Amount, nothing.Expected} {
		same(t, in.Rows[i], got, want.LineAmounts[i])
	}
}

func TestSharedGoldenG16SavingsPlanHours(t *testing.T) {
	t.Parallel()
	var in struct {
		Commit, Payg, SpRate string
		Hours                int64
	}
	var want struct{ CoveredHoursPerHour, PaygQtyDay, PaygCostDay, TotalDay string }
	sharedCase(t, "G16", &in, &want)
	covered, err := d(in.Commit).Quo(d(in.SpRate))
	if err != nil {
		t.Fatal(err)
	}
	rounded(t, "covered", covered, want.CoveredHoursPerHour)
	hours := money.FromInt(in.Hours)
	paid := hours.Mul(d("1").Sub(covered))
	rounded(t, "paid as used", paid, want.PaygQtyDay)
	g := used("00SP", "2026-03-01", "2026-03-01", "0", in.Payg)
	g.Quantity = paid
	listed := rating.List([]usage.Group{g}, sheetOf(priced("00SP", in.Payg, "", "", "2018-03-01", "")))
	rounded(t, "cost", listed[0].Amount, want.PaygCostDay)
	rounded(t, "with the commitment", listed[0].Amount.Add(hours.Mul(d(in.Commit))), want.TotalDay)
}

func TestSharedGoldenG17Legacy(t *testing.T) {
	t.Parallel()
	var in struct {
		Price                          string
		Qty, DaysInMonth, ProratedDays int
	}
	var want struct{ Formula, Naive, Annual346, Annual346naive string }
	sharedCase(t, "G17", &in, &want)
	share, quantity := rating.Share{Days: in.ProratedDays, Of: in.DaysInMonth}, money.FromInt(int64(in.Qty))
	same(t, "a month", rating.LegacyLicenceAmount(d(in.Price), quantity, share), want.Formula)
	same(t, "naively", share.Apply(d(in.Price).Mul(quantity)).Round(money.HalfUp, 2), want.Naive)
	year := rating.Share{Days: 346, Of: 365}
	same(t, "a year", rating.LegacyLicenceAmount(d("48.00"), d("1"), year), want.Annual346)
	same(t, "a year, naively", year.Apply(d("48.00")).Round(money.HalfUp, 2), want.Annual346naive)
}

func TestSharedGoldenG18MonthlyPlan(t *testing.T) {
	t.Parallel()
	var in struct{ Annual string }
	var want struct {
		Month string `json:"month_half_up"` //nolint:tagliatelle // as in the file
		Year  string `json:"x12"`
	}
	sharedCase(t, "G18", &in, &want)
	month := catalog.PeriodPrice(d(in.Annual), catalog.Term{Duration: "P1Y", Plan: "Monthly"})
	same(t, "month", month, want.Month)
	same(t, "year", month.Mul(money.FromInt(12)), want.Year)
}

func TestSharedGoldenG19Allocation(t *testing.T) {
	t.Parallel()
	var in struct{}
	var want map[string][]string
	sharedCase(t, "G19", &in, &want)
	for words, parts := range want {
		total, by, _ := strings.Cut(words, " by ")
		var weights []money.Decimal
		for w := range strings.SplitSeq(by, ":") {
			weights = append(weights, d(w))
		}
		for i, got := range money.Allocate(d(total), weights, 2) {
			same(t, words, got, parts[i])
		}
	}
	if len(want) < 4 {
		t.Errorf("only %d splits", len(want))
	}
}
