//go:build !race

package cli_test

// killAt says whether to kill the program at a step: at each.
func killAt(int) bool { return true }
