package cli

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

func (a *app) sign() *cobra.Command {
	var (
		secret, stamp, encoding, prefix string
		asJSON                          bool
	)
	cmd := &cobra.Command{
		Use:   "sign <platform> [file]",
		Short: "Print the headers that sign a body",
		Long: `Prints the headers with which a platform would send the body in the file; without a file, or with -,
the body is standard input. Give the lines to curl with -H.`,
		Example:           "  quintain sign tribe body.json --secret s3cret\n  printf '{}' | quintain sign tryno --secret s3cret --timestamp 1700000000000",
		Args:              a.platformArgs(1, 2, "platform"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, files, err := a.platformAndRest(args)
			if err != nil {
				return err
			}
			signature := p.Rules.Signature.Value
			switch {
			case signature.Scheme == "none":
				return misuse("%s documents no signature, so there is nothing to sign", p)
			case secret == "":
				return misuse("--secret is missing: %s signs with %s", p, signature.Scheme)
			}
			at := time.Now()
			if stamp != "" {
				ms, err := strconv.ParseInt(stamp, 10, 64)
				if err != nil {
					return misuse("--timestamp %q is not a number of milliseconds since 1970", stamp)
				}
				at = time.UnixMilli(ms)
			}
			if cmd.Flags().Changed("encoding") || cmd.Flags().Changed("prefix") {
				if encoding != "hex" && encoding != "base64" {
					return misuse("--encoding %q is neither hex nor base64", encoding)
				}
				if !signature.Signed() {
					return misuse("--encoding and --prefix are for HMAC signatures; %s sends a bearer key", p)
				}
				signature = signature.Read(contract.Reading{Encoding: encoding, Prefix: prefix})
			}
			file := "-"
			if len(files) == 1 {
				file = files[0]
			}
			body, err := a.readFile(file)
			if err != nil {
				return err
			}
			scheme := signature.SigningScheme()
			h := http.Header{}
			scheme.Sign(h, secret, body, at)
			if asJSON {
				headers := map[string]string{}
				for _, name := range scheme.Headers() {
					headers[name] = h.Get(name)
				}
				return a.printJSON(headers)
			}
			for _, name := range scheme.Headers() {
				fmt.Fprintf(a.stdout, "%s: %s\n", name, h.Get(name))
			}
			return nil
		},
	}
	a.secretFlag(cmd, &secret, "the signing secret, or the key")
	cmd.Flags().StringVar(&stamp, "timestamp", "", "the time of sending, in Unix milliseconds (default: now)")
	cmd.Flags().StringVar(&encoding, "encoding", "hex", "how the signature is written, where the platform leaves it open: hex or base64")
	cmd.Flags().StringVar(&prefix, "prefix", "", "what stands before the signature, such as sha256=")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
