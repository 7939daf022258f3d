package cli_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chandler-csp/chandler/internal/synth"
)

// month DIR SEED [jsonl] writes a generated month into a folder, with usage in one of its spellings, and its price rules
// beside it as DIR-rules/SET.json. SEED is a number or demo. What a correct product makes of it, by the generator's own
// arithmetic, becomes variables: PERIOD, and for each currency COST_EUR, SELL_EUR_cost and so on by rule set.
func month(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: month DIR SEED [jsonl]")
	}
	cfg := synth.Demo()
	if args[1] != "demo" {
		seed, err := strconv.ParseUint(args[1], 10, 64)
		ts.Check(err)
		cfg = synth.Random(seed)
	}
	m, err := synth.New(cfg)
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(writeMonth(m, dir, len(args) > 2 && args[2] == "jsonl"))
	ts.Check(os.MkdirAll(dir+"-rules", 0o750))
	for set, text := range m.Rules {
		ts.Check(os.WriteFile(filepath.Join(dir+"-rules", set+".json"), text, 0o600))
	}
	ts.Setenv("PERIOD", m.Period.String())
	for _, t := range m.Expected.Totals {
		ts.Setenv("COST_"+string(t.Currency), t.Cost.Fixed(2))
		for set, sell := range t.Sell {
			ts.Setenv("SELL_"+string(t.Currency)+"_"+set, sell.Fixed(2))
		}
	}
}

// writeMonth leaves the files of one spelling in a folder, without those that would be the same usage again.
func writeMonth(m *synth.Month, dir string, jsonl bool) error {
	files, err := m.Write(dir)
	if err != nil {
		return err
	}
	drop := append(files.UsageJSONL, files.Manifests...)
	if jsonl {
		drop = append(files.UsageCSV, files.Manifests...)
	}
	for _, f := range drop {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	return nil
}

// addresses completes every customer that the last command listed, as a person would, so that invoices can be issued.
func addresses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: addresses")
	}
	list, ok := lookup(ts, "items").([]any)
	if !ok {
		ts.Fatalf("the last command listed no customers")
	}
	for i, c := range list {
		id, err := at(c, "id")
		ts.Check(err)
		text, err := json.Marshal(map[string]any{"party": map[string]any{
			"address": map[string]string{"street": fmt.Sprintf("Lindenallee %d", i+1), "city": "Bremen", "postalCode": "28195"},
			"vatId":   fmt.Sprintf("DE2718%05d", i+1),
		}})
		ts.Check(err)
		file := ts.MkAbs("address.json")
		ts.Check(os.WriteFile(file, text, 0o600))
		ts.Check(ts.Exec("chandler", "customer", "set", fmt.Sprint(id), "--file", file))
	}
}

// damage FOLDER changes one byte of the first Parquet file below a folder.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage FOLDER")
	}
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.parquet"))
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("no Parquet file in %s", args[0])
	}
	content, err := os.ReadFile(found[0])
	ts.Check(err)
	content[len(content)/2] ^= 0xff
	ts.Check(os.WriteFile(found[0], content, 0o600))
}

// newer FOLDER makes a data folder one of a later version, by the number of its schema.
func newer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: newer FOLDER")
	}
	db, err := sql.Open("sqlite", "file:"+ts.MkAbs(filepath.Join(args[0], "records.db")))
	ts.Check(err)
	_, err = db.Exec("INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, TRUE)") //nolint:noctx // a script has no context
	ts.Check(errors.Join(err, db.Close()))
}
