package lake_test

import (
	"strings"
	"testing"
)

func manifest(count string, names ...string) string {
	blobs := make([]string, len(names))
	for i, n := range names {
		blobs[i] = `{"name":"` + n + `","partitionValue":"default"}`
	}
	return `{"id":"1","eTag":"e1","dataFormat":"compressedJSONLines","rootDirectory":"root","blobCount":` + count + `,"blobs":[` + strings.Join(blobs, ",") + `]}`
}

func TestManifests(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.gzip(t, "m/1.jsonl.gz", usageLine("G1", "/a", "1", "2"))
	b.gzip(t, "m/root/2.jsonl.gz", usageLine("G1", "/b", "2", "4"))
	elsewhere := b.gzip(t, "spool/3.jsonl.gz", usageLine("G1", "/c", "3", "6"))
	b.gzip(t, "m/4.jsonl.gz", usageLine("G1", "/a", "1", "2"))

	{ // bring their blobs: beside them, below the root, or named in the command
		sets, r := b.add(t, b.file(t, "m/manifest.json", manifest("3", "1.jsonl.gz", "2.jsonl.gz", "3.jsonl.gz")), elsewhere)
		equal(t, "sets", sets, "usage|G1 added 3 EUR 12")
		if len(notesWith(r, "3 of 3 blobs are here (eTag e1)")) != 1 {
			t.Errorf("notes: %v", r.Notes)
		}
	}
	{ // refuse a blob that is not here
		equal(t, "faults", b.refuse(t, b.file(t, "m/lacks.json", manifest("2", "1.jsonl.gz", "9.jsonl.gz"))), "lacks.json manifest.blob_missing")
	}
	{ // refuse a count that is not the list's
		equal(t, "faults", b.refuse(t, b.file(t, "m/count.json", manifest("2", "1.jsonl.gz"))), "count.json manifest.incomplete")
	}
	{ // note a blob that is listed twice, and one that is a copy
		sets, r := b.add(t, b.file(t, "m/twice.json", manifest("4", "1.jsonl.gz", "1.jsonl.gz", "4.jsonl.gz", "2.jsonl.gz")))
		equal(t, "sets", sets, "usage|G1 replaced 2 EUR 6 was 3 EUR 12")
		if got := notesWith(r, "duplicate: "); len(got) != 2 {
			t.Errorf("notes: %v", got)
		}
	}
	{ // never lead out of their folder
		b.gzip(t, "secret.jsonl.gz", usageLine("G1", "/x", "1", "2"))
		equal(t, "faults", b.refuse(t, b.file(t, "m/up.json", manifest("1", "../secret.jsonl.gz"))), "up.json manifest.blob_missing")
	}
	{ // may be named together with their blobs
		sets, r := b.add(t, b.in+"/m/1.jsonl.gz", b.file(t, "m/one.json", manifest("1", "1.jsonl.gz")))
		equal(t, "sets", sets, "usage|G1 replaced 1 EUR 2 was 2 EUR 6")
		if got := notesWith(r, "duplicate: "); len(got) != 0 {
			t.Errorf("notes: %v", got)
		}
	}
}
