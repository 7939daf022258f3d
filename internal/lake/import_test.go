package lake_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/lake"
)

func TestRefusedImport(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	good := b.file(t, "usage.csv", usageHead, usageRow("G1", "/a", "1", "2"))
	bad := b.file(t, "recon.csv", reconHead, reconRow("G1", "P", "1,234"), strings.Replace(reconRow("G1", "P", "5"), "2026-03-01", "31/3/2026", 1))
	{ // lists every fault of every file and keeps nothing of any
		equal(t, "faults", b.refuse(t, good, bad,
			b.file(t, "unknown.csv", "a,b", "1,2"), b.file(t, "short.csv", strings.Replace(usageHead, "MeterId,", "", 1)), b.in+"/missing.csv",
			b.file(t, "number.csv", usageHead, usageRow("G2", "/a", "x", "2"), usageRow("G2", "/a", "1", ""))),
			filepath.Join(b.in, "missing.csv")+" file.unreadable",
			"number.csv:2:Quantity number.invalid", "number.csv:3:BillingPreTaxTotal cell.required",
			"recon.csv:2 row.cells", "recon.csv:3:ChargeStartDate date.invalid", "short.csv:1:MeterId file.columns", "unknown.csv:1 file.unknown")
	}
	{ // finds the faults that only reading to the end tells
		whole, err := os.ReadFile(b.gzip(t, "x.csv.gz", usageHead, strings.Repeat(usageRow("G1", "/a", "1", "2")+"\n", 2000)))
		if err != nil {
			t.Fatal(err)
		}
		cut := b.raw(t, "cut.csv.gz", whole[:len(whole)-30])
		got := b.refuse(t, good, cut, bad)
		if len(got) != 3 || !strings.HasPrefix(got[0], "cut.csv.gz") || !strings.HasSuffix(got[0], "file.cut") {
			t.Errorf("faults: %v", got)
		}
	}
	{ // lists some of very many faults and tells how many there are
		many := b.file(t, "many.csv", usageHead, strings.Repeat(usageRow("G1", "/a", "x", "2")+"\n", 3000))
		_, err := b.Import(t.Context(), []string{many, b.file(t, "z.csv", usageHead, strings.Repeat(usageRow("G1", "/b", "x", "2")+"\n", 1500))})
		if err == nil || !strings.Contains(err.Error(), "4500 faults, of which 2000 are listed") || !strings.Contains(err.Error(), "many.csv: 3000 faults in all; the first 1000 are listed") {
			t.Errorf("got %.300s", err)
		}
	}
	{ // needs files that hold something
		if err := os.Mkdir(filepath.Join(b.in, "empty"), 0o750); err != nil {
			t.Fatal(err)
		}
		equal(t, "faults", b.refuse(t, filepath.Join(b.in, "empty"), b.file(t, "links.json", `{"items":[{"type":"t","title":"t","period":"p","link":{"uri":"/x"}}]}`)),
			filepath.Join(b.in, "empty")+" file.unreadable", "links.json file.no_charges")
	}
	if sets, _ := b.add(t, good); len(sets) != 1 {
		t.Errorf("after all refusals: %v", sets)
	}
}

func TestDataSets(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	all := b.file(t, "recon.csv", reconHead, reconRow("G1", "P", "10"), reconRow("G2", "P", "5"), reconRow("G1", "P", "10"))
	sets, _ := b.add(t, all)
	equal(t, "one file, two invoices, equal rows kept", sets, "recon|G1 added 2 EUR 20", "recon|G2 added 1 EUR 5")
	sets, _ = b.add(t, b.gzip(t, "again.csv.gz", reconHead, reconRow("G1", "P", "10"), reconRow("G2", "P", "5"), reconRow("G1", "P", "10")))
	equal(t, "the same content under another name", sets, "recon|G1 unchanged 2 EUR 20", "recon|G2 unchanged 1 EUR 5")
	b.onlyRecorded(t)
	sets, _ = b.add(t, b.file(t, "new.csv", reconHead, reconRow("G2", "P", "7"), reconRow("G2", "Q", "-1")))
	equal(t, "other content", sets, "recon|G2 replaced 2 EUR 6 was 1 EUR 5")
	equal(t, "lines", b.lines(t), "recon.csv:2 10", "recon.csv:4 10", "new.csv:2 7", "new.csv:3 -1")
	sets, _ = b.add(t, b.file(t, "p1.csv", reconHead, reconRow("G3", "P", "1")), b.file(t, "p2.csv", reconHead, reconRow("G3", "Q", "2")))
	equal(t, "files of one command", sets, "recon|G3 added 2 EUR 3")
	equal(t, "lines", b.lines(t)[4:], "p1.csv:2 1", "p2.csv:2 2")
}

func TestFilesOfOneNameStayApart(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	x := b.file(t, "a/recon.csv", reconHead, reconRow("G1", "P", "1"))
	y := b.file(t, "b/recon.csv", reconHead, reconRow("G1", "Q", "2"))
	sets, _ := b.add(t, x, y, x)
	equal(t, "sets", sets, "recon|G1 added 2 EUR 3")
	equal(t, "lines", b.lines(t), "recon.csv:2 1", "b/recon.csv:2 2")
}

func TestNamesThatLookLikePatterns(t *testing.T) {
	t.Parallel()
	b := openBench(t, func(c *lake.Config) { c.Dir = filepath.Join(filepath.Dir(c.Dir), "lake[1]*") })
	b.file(t, "usage1.csv", usageHead, usageRow("G1", "/wrong", "100", "200"))
	b.file(t, "usage2.csv", usageHead, usageRow("G1", "/wrong", "100", "200"))
	_, r := b.add(t, b.file(t, "usage[1].csv", usageHead, usageRow("G1", "/a", "1", "2")), b.file(t, "usage?.csv", usageHead, usageRow("G1", "/b", "3", "6")))
	equal(t, "rows", b.usage(t), "usage[1].csv:2 1 2", "usage?.csv:2 3 6")
	if !r.Files[0].Bulk || !r.Files[1].Bulk {
		t.Error("not read in bulk, which is what the names are a trap for")
	}
	b.refuse(t, b.file(t, "bad.csv", usageHead, usageRow("G1", "/a", "x", "2")))
}

func TestUnbilledUsageIsReplacedByItsPeriod(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	sets, _ := b.add(t, b.file(t, "monday.csv", usageHead, usageRow("", "/a", "1", "2")))
	equal(t, "sets", sets, "usage|unbilled|EUR|2026-03 added 1 EUR 2")
	sets, _ = b.add(t, b.file(t, "tuesday.csv", usageHead, usageRow("", "/a", "1", "2"), usageRow("", "/a", "2", "4")))
	equal(t, "sets", sets, "usage|unbilled|EUR|2026-03 replaced 2 EUR 6 was 1 EUR 2")
}

func TestActualAndAmortizedCostAreTwoDataSets(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	head := "BillingAccountId,SubscriptionId,Date,MeterId,Quantity,Cost,BillingCurrency,ChargeType"
	sets, _ := b.add(t, b.file(t, "actual.csv", head, "1,s,09/21/2023,m,1,3.25,USD,Purchase"), b.file(t, "amortized.csv", head, "1,s,09/21/2023,m,1,0.10,USD,Usage"))
	equal(t, "sets", sets, "cost|cost-export-amortized|period|1|2023-09 added 1 USD 0.1", "cost|cost-export|period|1|2023-09 added 1 USD 3.25")
	s, err := b.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Sets {
		if got, want := s.Repeats(d), d.Key == "cost|cost-export-amortized|period|1|2023-09"; got != want {
			t.Errorf("%s repeats another: %v", d.Key, got)
		}
	}
	if alone := s.Keep(func(d lake.DataSet) bool { return s.Repeats(d) }); alone.Repeats(alone.Sets[0]) {
		t.Error("amortized cost alone is not counted")
	}
}

func TestAPageWithoutItemsIsNoFault(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	sets, r := b.add(t, b.file(t, "page2.json", `{"totalCount":0,"items":[]}`), b.file(t, "head.csv", reconHead))
	if len(sets) != 0 || len(notesWith(r, "page2.json: the page holds no items")) != 1 || len(notesWith(r, "head.csv holds no rows")) != 1 {
		t.Errorf("%v, notes %v", sets, r.Notes)
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.file(t, "month/recon.csv", reconHead, reconRow("G1", "P", "1"))
	b.file(t, "month/.hidden", "x")
	b.file(t, "month/below/other.csv", "x")
	sets, _ := b.add(t, filepath.Join(b.in, "month"))
	if !slices.Equal(sets, []string{"recon|G1 added 1 EUR 1"}) {
		t.Error(sets)
	}
}
