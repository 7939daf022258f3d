package ingest

// Limits of a single input file. They bound memory, never the number of rows.
const (
	// MaxRecord is the longest row in bytes, quoted line breaks included.
	MaxRecord = 8 << 20
	// MaxColumns is the largest number of cells of a row, and of different keys of a file's JSON objects.
	MaxColumns = 1000
	// MaxFaults is the number of faults that are told one by one before "and more".
	MaxFaults = 1000
	// MaxNotes is the number of different notes that a Report keeps.
	MaxNotes = 200
	// MaxScale is the number of decimals that a decimal column keeps, as the lake's DECIMAL(38,18) does.
	MaxScale = 18
	// MaxIntegerDigits is the number of digits before the point that fit the lake's DECIMAL(38,18).
	MaxIntegerDigits = 20
	// MaxPriceScale is the number of decimals of an effective unit price, which the lake keeps as text.
	MaxPriceScale = 24
	// MaxDepth is how deep amendments of amendments are followed.
	MaxDepth = 8

	sniffRows   = 100       // rows that Inspect looks at for hints
	bufferBytes = 64 << 10  // first size of a read buffer
	firstLine   = 256 << 10 // of JSON, as far as it is looked at to tell lines of objects from a document
	checkEvery  = 1024      // rows between two looks at the context
)
