package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/cli"
)

// ran is what a command line of this process did.
type ran struct {
	code           int
	stdout, stderr string
}

func runHere(t *testing.T, data string, words ...string) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), cli.Environment{
		Args: append([]string{"--data", data}, words...), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: time.Now,
	})
	return ran{code, stdout.String(), stderr.String()}
}

// every is a way to call every verb, up to what it needs.
var every = []string{
	"import FILE", "bill run", "invoice list", "invoice show X", "invoice approve X", "invoice issue X", "invoice void X", "invoice credit X",
	"invoice pay X", "invoice import-payments X", "invoice explain X", "invoice verify X", "invoice export X", "recon show", "recon verify",
	"recon waive X", "price rule add", "price rule list", "price rule show X", "price rule test", "price rule remove X", "customer add X",
	"customer list", "customer show X", "customer set X", "seller set", "seller show", "service add", "service list", "service set X",
	"service end X", "reseller set X", "reseller list", "export focus", "export journal", "bench bill", "demo", "version",
}

func TestEveryVerbHasHelpWithAnExample(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "never")
	for _, words := range every {
		r := runHere(t, data, append(strings.Fields(words), "--help")...)
		name := strings.Fields(words)
		if name[len(name)-1] == "X" || name[len(name)-1] == "FILE" {
			name = name[:len(name)-1]
		}
		example := "Examples:\n  "
		if r.code != 0 || r.stderr != "" || !strings.Contains(r.stdout, example) || !strings.Contains(r.stdout, "chandler "+strings.Join(name, " ")) {
			t.Errorf("chandler %s --help: exit code %d\n%s%s", words, r.code, r.stdout, r.stderr)
		}
		r = runHere(t, data, append([]string{"--json", "--help"}, strings.Fields(words)...)...)
		if err := checkDocument(r.stdout, r.code); err != nil || r.code != 0 {
			t.Errorf("chandler --json --help %s: exit code %d, %v\n%s", words, r.code, err, r.stdout)
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("help made a data folder")
	}
}

// Wrong usage is told before a data folder is opened, which may mean to wait for another process, or to make one.
func TestWrongUsageIsExitTwo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "never")
	for words, want := range map[string]string{
		"nothing":                              `^unknown command "nothing"`,
		"invoice":                              `^chandler invoice needs a verb: approve, credit, explain, export, import-payments, issue, list, pay, show, verify, void$`,
		"invoice nothing":                      `^chandler invoice knows no "nothing": approve, `,
		"price rule":                           `^chandler price rule needs a verb: add, list, remove, show, test$`,
		"invoice list --nothing":               `^unknown flag: --nothing$`,
		"invoice list extra":                   `^"extra" is too much: chandler invoice list$`,
		"invoice show":                         `^INVOICE is missing: chandler invoice show INVOICE$`,
		"invoice show a b":                     `^"b" is too much: `,
		"import":                               `^FILE\.\.\. is missing: chandler import FILE\.\.\.$`,
		"bill run":                             `^--period is needed`,
		"bill run --period 2026-13":            `want YYYY-MM`,
		"bill run --period March":              `want YYYY-MM`,
		"invoice list --state sent":            `want one of draft, validated, approved, issued, paid, overdue, void$`,
		"invoice explain x":                    `^--line is needed`,
		"invoice explain x --line one":         `"one"`,
		"invoice approve":                      `^name invoices, or give --period`,
		"invoice approve x --period 2026-03":   `^name invoices, or give --period`,
		"invoice issue":                        `^name invoices, or give --period`,
		"invoice credit x --line 3=ten":        `want N or N=AMOUNT`,
		"invoice credit x --line 0":            `want N or N=AMOUNT`,
		"invoice pay x --amount ten":           `want an amount`,
		"invoice pay x --on 2026-02-30":        `want YYYY-MM-DD`,
		"invoice export":                       `^name invoices, or give --period`,
		"invoice export x --format docx":       `want one of pdf, ubl, csv, xlsx, json$`,
		"invoice export x --out -":             `^--json needs --out FILE`,
		"export focus --period 2026-03":        `^--json needs --out FILE`,
		"export journal --period 2026-03":      `^--json needs --out FILE`,
		"export focus --out x.csv":             `^--period is needed`,
		"export journal --out x.csv":           `^--period is needed`,
		"price rule add":                       `^--file is needed`,
		"price rule add --file=":               `^--file is needed`,
		"price rule test":                      `^either --period or --invoice`,
		"price rule test --invoice x":          `^--line is needed`,
		"customer set x":                       `^--file is needed`,
		"customer add":                         `^TENANT is missing`,
		"seller set":                           `^--file is needed`,
		"service add":                          `^--file is needed`,
		"service end x":                        `^--on is needed`,
		"service end x --on soon":              `want YYYY-MM-DD`,
		"reseller set":                         `^MPN is missing`,
		"bench bill --rows 10":                 `at least 1000`,
		"invoice list --wait long":             `want a duration such as 30s, or 0$`,
		"invoice list --wait=-5s":              `want a duration such as 30s, or 0$`,
		"version now":                          `^"now" is too much`,
		"demo now":                             `^"now" is too much`,
		"invoice list --period 2026-03 --data": `^flag needs an argument: --data$`,
	} {
		r := runHere(t, data, append([]string{"--json"}, strings.Fields(words)...)...)
		if err := checkDocument(r.stdout, r.code); err != nil || r.code != 2 {
			t.Errorf("chandler %s: exit code %d, %v\n%s", words, r.code, err, r.stdout)
			continue
		}
		if !regexp.MustCompile(want).MatchString(detailOf(t, r.stdout)) || !strings.HasPrefix(r.stderr, "chandler: ") {
			t.Errorf("chandler %s: %s%s", words, r.stdout, r.stderr)
		}
		plain := strings.Fields(words)
		if strings.HasPrefix(detailOf(t, r.stdout), "--json needs") {
			continue
		}
		if r := runHere(t, data, plain...); r.code != 2 || r.stdout != "" || !strings.HasSuffix(r.stderr, "--help for its usage.\n") {
			t.Errorf("chandler %s in words: exit code %d\n%s%s", words, r.code, r.stdout, r.stderr)
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("wrong usage made a data folder")
	}
}

func detailOf(t *testing.T, text string) string {
	t.Helper()
	doc, err := decodeOne(text)
	if err != nil {
		t.Fatal(err)
	}
	v, err := at(doc, "error.detail")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := v.(string)
	return s
}

// On an empty folder nothing can be refused for a better reason than that it is not there: exit 1, one document with a
// stable code.
func TestRefusedIsExitOne(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	for words, code := range map[string]string{
		"bill run --period 2026-03":                             "period.empty",
		"import missing.csv":                                    "import.refused",
		"recon show":                                            "run.none",
		"recon show --period 2026-03":                           "run.none",
		"recon verify":                                          "run.none",
		"recon waive fnd_x --reason y":                          "run.none",
		"recon waive fnd_x --undo":                              "waiver.unknown",
		"invoice show x":                                        "invoice.unknown",
		"invoice approve x":                                     "invoice.unknown",
		"invoice approve x y":                                   "invoices.refused",
		"invoice issue x":                                       "invoice.unknown",
		"invoice void x --reason y":                             "invoice.unknown",
		"invoice credit x --reason y":                           "invoice.unknown",
		"invoice pay x":                                         "invoice.unknown",
		"invoice import-payments missing.csv":                   "file.unreadable",
		"invoice explain x --line 1":                            "invoice.unknown",
		"invoice verify x":                                      "invoice.unknown",
		"invoice export x":                                      "invoice.unknown",
		"invoice list --customer x":                             "customer.unknown",
		"export focus --period 2026-03 --out missing.csv":       "period.empty",
		"export journal --period 2026-03 --out missing.csv":     "period.empty",
		"price rule show x":                                     "rule.unknown",
		"price rule remove x":                                   "rule.unknown",
		"price rule add --file missing.json":                    "file.unreadable",
		"price rule test --period 2026-03":                      "period.empty",
		"customer show x":                                       "customer.unknown",
		"customer add x --name y":                               "customer.invalid",
		"customer set x --file testdata/small/seller.json":      "customer.unknown",
		"seller show":                                           "seller.unknown",
		"seller set --file testdata/small/recon_G300000001.csv": "json.invalid",
		"service set x --file testdata/small/seller.json":       "service.unknown",
		"service end x --on 2026-03-31":                         "service.unknown",
		"reseller set x":                                        "reseller.mpn",
	} {
		r := runHere(t, data, append(strings.Fields(words), "--json")...)
		if err := checkDocument(r.stdout, r.code); err != nil || r.code != 1 {
			t.Errorf("chandler %s: exit code %d, %v\n%s", words, r.code, err, r.stdout)
			continue
		}
		doc, err := decodeOne(r.stdout)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := at(doc, "error.code"); err != nil || got != code {
			t.Errorf("chandler %s: code %v, want %s", words, got, code)
		}
	}
	if left, _ := filepath.Glob("missing.csv*"); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
}
