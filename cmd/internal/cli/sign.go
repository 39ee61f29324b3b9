package cli

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
)

func (a *app) sign() *cobra.Command {
	var (
		secret, stamp, id, scheme, encoding, prefix string
		asJSON                                      bool
	)
	cmd := &cobra.Command{
		Use:   "sign <platform> [file]",
		Short: "Print the headers that sign a body",
		Long: `Prints the headers with which a platform would send the body in the file;
without a file, or with -, the body is standard input. Give the lines to curl
with -H.

With --scheme, the body is signed by another scheme than the platform's:
standard-webhooks is that of https://www.standardwebhooks.com. Its secrets are
written whsec_<base64>, or whsk_<base64> for an ed25519 private key; while a
secret is replaced, give the old one and the new one with a space between.`,
		Example:           "  quintain sign tribe body.json --secret s3cret\n  printf '{}' | quintain sign tryno --secret s3cret --timestamp 1700000000000\n  quintain sign tribe body.json --scheme standard-webhooks --id msg_1 --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		Args:              a.platformArgs(1, 2, "platform", "file"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, files, err := a.platformAndRest(args)
			if err != nil {
				return err
			}
			if scheme != "" {
				if p, err = p.WithSignature(scheme); err != nil {
					return misuse("--scheme: %s", err)
				}
			}
			signature := p.Rules.Signature.Value
			switch {
			case signature.Scheme == contract.Unsigned && scheme != "":
				return misuse("--scheme %s is no signature, so there is nothing to sign", scheme)
			case signature.Scheme == contract.Unsigned:
				return misuse("%s documents no signature, so there is nothing to sign", p)
			case secret == "":
				return misuse("--secret is missing: %s signs with %s", p, signature.Scheme)
			}
			if signature.Scheme == contract.StandardWebhooks {
				if err := checkStandard(secret, id); err != nil {
					return err
				}
			} else if err := checkKey(p, secret); err != nil {
				return err
			} else if id != "" {
				return misuse("--id is for standard-webhooks; %s signs with %s", p, signature.Scheme)
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
				if signature.Scheme == contract.BearerKey {
					return misuse("--encoding and --prefix are for HMAC signatures; %s sends a bearer key", p)
				}
				if signature.Scheme == contract.StandardWebhooks {
					return misuse("--encoding and --prefix are for platforms that leave them open; standard-webhooks does not")
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
			h := http.Header{}
			if id != "" {
				h.Set(signing.HeaderWebhookID, id)
			}
			signer := signature.SigningScheme()
			signer.Sign(h, secret, body, at)
			if asJSON {
				headers := map[string]string{}
				for _, name := range signer.Headers() {
					headers[name] = h.Get(name)
				}
				return a.printJSON(headers)
			}
			for _, name := range signer.Headers() {
				fmt.Fprintf(a.stdout, "%s: %s\n", name, h.Get(name))
			}
			return nil
		},
	}
	a.secretFlag(cmd, &secret, "the signing secret, or the key")
	cmd.Flags().StringVar(&stamp, "timestamp", "", "the time of sending, in Unix milliseconds (default: now)")
	cmd.Flags().StringVar(&scheme, "scheme", "", "sign by this scheme: "+strings.Join(contract.SignatureSchemes(), ", ")+" (default: the platform's)")
	cmd.Flags().StringVar(&id, "id", "", "the id of the delivery, under standard-webhooks (default: made from the body)")
	cmd.Flags().StringVar(&encoding, "encoding", "hex", "how the signature is written, where the platform leaves it open: hex or base64")
	cmd.Flags().StringVar(&prefix, "prefix", "", "what stands before the signature, such as sha256=")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// checkKey checks a key that is sent as it is.
func checkKey(p *contract.Platform, key string) error {
	if p.Rules.Signature.Value.Scheme == contract.BearerKey && !signing.HeaderSafe(key) {
		return misuse("--secret has white space, control characters or letters beyond ASCII, and %s sends it in a header", p)
	}
	return nil
}

// checkStandard checks what standard-webhooks signs with.
func checkStandard(secret, id string) error {
	if err := (signing.StandardWebhooks{}).CheckSecret(secret); err != nil {
		return misuse("--secret: %s", err)
	}
	if strings.Contains(id, ".") || !signing.HeaderSafe(id) {
		return misuse("--id %q has a full stop, white space, control characters or letters beyond ASCII", id)
	}
	return nil
}
