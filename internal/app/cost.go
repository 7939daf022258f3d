package app

import "context"

// CostByTag sums the usage of all months by a tag's value, service and location, and counts the sums.
func (a *App) CostByTag(ctx context.Context, tag string) (int, error) {
	s, err := a.lake.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	return a.lake.CostByTag(ctx, s, tag)
}
