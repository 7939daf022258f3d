package cli

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// versionCommand tells which build this is, as Go's tools recorded it.
func (s *session) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show which build this is", Example: "  chandler version --json", Args: noWords,
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": "", "go": "", "commit": "", "committed_at": ""}
			if b, ok := debug.ReadBuildInfo(); ok {
				v["version"], v["go"] = b.Main.Version, b.GoVersion
				for _, x := range b.Settings {
					switch x.Key {
					case "vcs.revision":
						v["commit"] = x.Value
					case "vcs.time":
						v["committed_at"] = x.Value
					}
				}
			}
			return s.out.print(v, func(w io.Writer) {
				fmt.Fprintf(w, "chandler %s, built with %s\n", v["version"], v["go"])
				fields(w, "commit", v["commit"], "of", v["committed_at"])
			})
		},
	}
}
