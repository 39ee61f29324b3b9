package steps

import (
	"context"

	"github.com/quintain-dev/quintain/mockserver/client"
)

// Captures returns all that an inbox of a mock server has received, oldest first.
func Captures(ctx context.Context, api *client.Client, community, inbox string) ([]client.Capture, error) {
	var out []client.Capture
	for number := 1; ; number++ {
		page, err := api.Captures(ctx, community, inbox, client.Page{Number: number, Size: 500})
		if err != nil {
			return nil, err
		}
		out = append(out, page.Captures...)
		if len(out) >= page.Total || len(page.Captures) == 0 {
			return out, nil
		}
	}
}
