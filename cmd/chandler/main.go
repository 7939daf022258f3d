// Command chandler runs a Cloud Solution Provider business: see `chandler --help`.
package main

import (
	"os"

	"github.com/chandler-csp/chandler/internal/cli"
)

func main() { os.Exit(cli.Main()) }
