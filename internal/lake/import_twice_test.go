package lake_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/lake"
)

func TestTheSameUsageTwiceInOneCommandCountsOnce(t *testing.T) {
	t.Parallel()
	rows := []string{usageHead, usageRow("G1", "/a", "1", "2"), usageRow("G1", "/a", "1", "2"), usageRow("G1", "/b", "3.5", "7"), usageRow("G1", "/c", "0", "0")}
	lines := []string{usageLine("G1", "/a", "1", "2"), usageLine("G1", "/a", "1.0", "2.00"), usageLine("G1", "/b", "3.50", "7"), usageLine("G1", "/c", "0", "0")}
	for _, tt := range []struct {
		name  string
		files func(t *testing.T, b *bench) []string
		notes int
		first string
	}{
		{"a copy under another name", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "copy.csv", rows...)}
		}, 1, "u.csv:2 1 2"},
		{"a copy that is packed", func(t *testing.T, b *bench) []string {
			return []string{b.gzip(t, "u.csv.gz", rows...), b.file(t, "copy.csv", rows...)}
		}, 1, "u.csv.gz:2 1 2"},
		{"a copy with other line ends", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "copy.csv", strings.Join(rows, "\r\n")+"\r")}
		}, 1, "u.csv:2 1 2"},
		{"a copy with its rows in another order", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "copy.csv", rows[0], rows[4], rows[3], rows[2], rows[1])}
		}, 1, "u.csv:2 1 2"},
		{"CSV and lines of JSON", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.gzip(t, "u.jsonl.gz", lines...)}
		}, 1, "u.csv:2 1 2"},
		{"lines of JSON first", func(t *testing.T, b *bench) []string {
			return []string{b.gzip(t, "u.jsonl.gz", lines...), b.file(t, "u.csv", rows...)}
		}, 1, ""},
		{"CSV and two blobs of JSON", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "1.jsonl", lines[:2]...), b.file(t, "2.jsonl", lines[2:]...)}
		}, 2, "u.csv:2 1 2"},
		{"CSV and one of two blobs of JSON", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "2.jsonl", lines[2:]...)}
		}, 1, "u.csv:2 1 2"},
		{"part of it as CSV", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows[:3]...), b.file(t, "u.jsonl", lines...)}
		}, 1, "u.jsonl:1 1 2"},
		{"all three spellings", func(t *testing.T, b *bench) []string {
			return []string{b.file(t, "u.csv", rows...), b.file(t, "u.jsonl", lines...), b.file(t, "page.json", usagePage(lines...))}
		}, 2, "u.csv:2 1 2"},
		{"three copies, none in bulk", func(t *testing.T, b *bench) []string {
			semicolons := strings.ReplaceAll(strings.ReplaceAll(strings.Join(rows, "\n"), ",", ";"), "3.5", "3,5")
			return []string{b.file(t, "u.csv", semicolons), b.file(t, "copy.csv", semicolons+"\n"), b.file(t, "copy2.csv", semicolons+"\n\n")}
		}, 2, "u.csv:2 1 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, noBulk := range []bool{false, true} {
				b := openBench(t, func(c *lake.Config) { c.NoBulk = noBulk })
				sets, r := b.add(t, tt.files(t, b)...)
				equal(t, "sets", sets, "usage|G1 added 4 EUR 11")
				if got := notesWith(r, "duplicate: "); len(got) != tt.notes {
					t.Errorf("notes: %v", got)
				}
				if got := b.usage(t); len(got) != 4 || tt.first != "" && got[0] != tt.first {
					t.Errorf("rows: %v", got)
				}
				b.onlyRecorded(t)
			}
		})
	}
}

func TestTheSameUsageInTwoCommandsReplaces(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.add(t, b.file(t, "u.csv", usageHead, usageRow("G1", "/a", "1", "2"), usageRow("G1", "/b", "2", "4")))
	sets, _ := b.add(t, b.file(t, "u.jsonl", usageLine("G1", "/a", "1", "2"), usageLine("G1", "/b", "2", "4")))
	equal(t, "sets", sets, "usage|G1 replaced 2 EUR 6 was 2 EUR 6")
	equal(t, "rows", b.usage(t), "u.jsonl:1 1 2", "u.jsonl:2 2 4")
}

func TestFormatsWithMostRowsInCommonAreRefused(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	got := b.refuse(t, b.file(t, "u.csv", usageHead, usageRow("G1", "/a", "1", "2"), usageRow("G1", "/b", "2", "4")),
		b.file(t, "u.jsonl", usageLine("G1", "/a", "1", "2"), usageLine("G1", "/b", "2.5", "5")))
	equal(t, "faults", got, "u.jsonl import.overlap")
	sets, r := b.add(t, b.file(t, "1.csv", usageHead, usageRow("G1", "/a", "1", "2")), b.file(t, "2.jsonl", usageLine("G1", "/b", "2", "4")))
	equal(t, "nothing in common", sets, "usage|G1 added 2 EUR 6")
	equal(t, "notes", r.Notes)
	sets, r = b.add(t, b.file(t, "1.csv", usageHead, usageRow("G2", "/a", "1", "2"), usageRow("G2", "/b", "1", "2"), usageRow("G2", "/c", "1", "2")),
		b.file(t, "2.jsonl", usageLine("G2", "/a", "1", "2"), usageLine("G2", "/d", "2", "4"), usageLine("G2", "/e", "2", "4")))
	equal(t, "one row in common", sets, "usage|G2 added 6 EUR 16")
	equal(t, "notes", r.Notes, "1 rows of usage|G2 in 2.jsonl stand in 1.csv as well; all are counted")
}

// Rows keep their file's name when another file between them was dropped.
func TestPlacesSurviveADroppedFile(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.add(t, b.file(t, "1.csv", usageHead, usageRow("G1", "/a", "1", "2")), b.file(t, "copy.csv", usageHead+"\r", usageRow("G1", "/a", "1", "2")),
		b.file(t, "3.csv", usageHead, usageRow("G1", "/b", "2", "4")), b.file(t, "4.csv", usageHead, usageRow("G1", "/c", `"3,50"`, "7")))
	equal(t, "rows", b.usage(t), "1.csv:2 1 2", "3.csv:2 2 4", "4.csv:2 3.5 7")
}

func TestTheSameLinesTwiceInOneCommandCountOnce(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	page := `{"items":[{"customerId":"org:C1","invoiceNumber":"G1","productId":"P","skuId":"0001","chargeType":"New","unitPrice":10,"quantity":1,"subtotal":10.0,
"taxTotal":0,"totalForCustomer":10.00,"currency":"EUR","subscriptionId":"s1","chargeStartDate":"2026-03-01T00:00:00Z","orderId":"o1"}]}`
	sets, r := b.add(t, b.file(t, "all.csv", reconHead, reconRow("G1", "P", "10"), reconRow("G2", "P", "5")), b.file(t, "g2.csv", reconHead, reconRow("G2", "P", "5")),
		b.file(t, "g1.json", page))
	equal(t, "sets", sets, "recon|G1 added 1 EUR 10", "recon|G2 added 1 EUR 5")
	equal(t, "notes", notesWith(r, "duplicate: "), "duplicate: g1.json holds the same rows as all.csv and is counted once",
		"duplicate: g2.csv holds the same rows as all.csv and is counted once")
}

func TestADocumentSaidTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	single := b.file(t, "g1.json", `{"id":"G1","totalCharges":100.00,"currencyCode":"EUR","billingPeriodStartDate":"2026-03-01T00:00:00Z",
"amendments":[{"id":"G2","totalCharges":-5,"currencyCode":"EUR","amendsOf":"G1"}]}`)
	list := b.file(t, "all.json", `{"items":[{"id":"G1","totalCharges":100,"currencyCode":"EUR"},{"id":"G2","totalCharges":-5.0,"currencyCode":"EUR","amendsOf":"G1"},
{"id":"G3","totalCharges":7,"currencyCode":"EUR"}]}`)
	sets, r := b.add(t, list, single)
	equal(t, "sets", sets, "document|G1 added 2 EUR 95", "document|G3 added 1 EUR 7")
	if got := notesWith(r, "duplicate: document"); len(got) != 2 {
		t.Errorf("notes: %v", got)
	}
	s, _ := b.Snapshot(t.Context())
	docs, err := b.Documents(t.Context(), s)
	if err != nil || len(docs) != 3 || docs[0].PeriodStart.String() != "2026-03-01" {
		t.Errorf("documents %+v, %v; want the fuller one kept", docs, err)
	}
	other := b.file(t, "other.json", `{"id":"G1","totalCharges":100.01,"currencyCode":"EUR"}`)
	equal(t, "faults", b.refuse(t, single, other), "other.json:1:totalCharges cell.contradiction")
}

func TestARateSaidTwice(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	head := "CurrencyCode,USDPerUnit,Month"
	sets, _ := b.add(t, b.file(t, "fx.csv", head, "EUR,1.1,202603", "EUR,1.10,202603", "DKK,0.16,202603", "EUR,1.2,202604"))
	equal(t, "sets", sets, "fx|2026-03 added 2", "fx|2026-04 added 1")
	equal(t, "faults", b.refuse(t, b.file(t, "bad.csv", head, "EUR,1.1,202603", "EUR,1.2,202603", "DKK,0,202603", "NOK,-1,202603")),
		"bad.csv:4:USDPerUnit number.invalid", "bad.csv:5:USDPerUnit number.invalid")
	equal(t, "faults", b.refuse(t, b.file(t, "two.csv", head, "EUR,1.1,202603", "EUR,1.2,202603")), "two.csv:3:USDPerUnit cell.contradiction")
}
