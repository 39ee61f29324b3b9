package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/mockserver/client"
)

func (a *app) export() *cobra.Command {
	var o journalOptions
	var format, out string
	var digest bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the journal of a running server as NDJSON or HAR",
		Long: `Writes every attempt of a running server's community, in the order in which they
were applied, to standard output or a file: as NDJSON, one JSON value on a line,
or as HAR, which browsers and HTTP tools read. With filters, the attempts of the
deliveries that they select.

With --digest, one line instead: a hash over what the journal says, without what
differs between two runs by nature, such as durations. Two runs on a virtual
clock with the same seed and --start have the same digest.`,
		Example: `  quintain export --community tribe | jq -r .outcome
  quintain export --community tribe --state exhausted --format har --out failed.har
  quintain export --digest`,
		Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != client.NDJSON && format != client.HAR {
				return misuse("--format %q is none of ndjson, har", format)
			}
			filter, err := o.filter()
			if err != nil {
				return err
			}
			if digest && (out != "" || filter != (client.DeliveryFilter{}) || cmd.Flags().Changed("format")) {
				return misuse("--digest is of the whole journal, and goes with no filter, --format or --out")
			}
			c, err := a.choose(cmd.Context(), &o.running)
			if err != nil {
				return err
			}
			if digest {
				return a.printDigest(cmd.Context(), c, o)
			}
			write := func(ctx context.Context, w io.Writer) error {
				err := c.Export(ctx, o.community, format, filter, w)
				var answer *client.Error
				var request *url.Error
				switch {
				case err == nil:
					return nil
				case errors.As(err, &answer), errors.As(err, &request):
					return o.failed(err)
				}
				return couldNot(err) // it broke off
			}
			if out == "" {
				return write(cmd.Context(), a.stdout)
			}
			return wholeFile(cmd.Context(), out, write)
		},
	}
	o.serverFlags(cmd, "the only one")
	filterFlags(cmd, &o)
	cmd.Flags().StringVar(&format, "format", client.NDJSON, "ndjson or har")
	cmd.Flags().StringVar(&out, "out", "", "the file to write; it is replaced when all is there (default: standard output)")
	cmd.Flags().BoolVar(&digest, "digest", false, "print the digest of the run instead")
	return cmd
}

func (a *app) printDigest(ctx context.Context, c *client.Client, o journalOptions) error {
	digest, err := c.Digest(ctx, o.community)
	if err != nil {
		return o.failed(err)
	}
	fmt.Fprintf(a.stdout, "%s  %s\n", digest.Digest, plural(digest.Attempts, "attempt"))
	return nil
}

// wholeFile writes a file that is there whole, or stays as it was.
func wholeFile(ctx context.Context, path string, write func(context.Context, io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return misuse("--out %s is a folder; name a file in it", path)
	}
	part, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return misuse("%s.part is there already: another export writes it, or one broke off; delete it", path)
	}
	if err != nil {
		return misuse("--out: %w", err)
	}
	err = write(ctx, part)
	if closed := part.Close(); err == nil && closed != nil {
		err = couldNot(closed)
	}
	if err == nil {
		if err = os.Rename(part.Name(), path); err == nil {
			return nil
		}
		err = couldNot(err)
	}
	return cmp.Or(err, os.Remove(part.Name()))
}
