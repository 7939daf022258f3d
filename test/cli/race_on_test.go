//go:build race

package cli_test

// killAt says whether to kill the program at a step: with the race detector, which makes all of it several times slower and
// finds nothing in a process that is gone, one in three.
func killAt(step int) bool { return step%3 == 0 }
