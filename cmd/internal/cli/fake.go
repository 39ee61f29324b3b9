package cli

import (
	"bufio"
	"bytes"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

func (a *app) fake() *cobra.Command {
	var (
		seed, first      uint64
		count            uint64
		minimal, pretty  bool
		encoding, nested string
		settings         []string
	)
	cmd := &cobra.Command{
		Use:   "fake <platform> <event>",
		Short: "Print generated payloads of an event, one a line",
		Long: `Prints generated payloads of an event, one a line. The same seed and number always make the
same bytes, and a member is the same in every event: payload 5 of member.created and of
member.updated are about one person.`,
		Example:           "  quintain fake mighty EventCreated --pretty\n  quintain fake tribe member.created --seed 7 --count 1000 > members.ndjson",
		Args:              args(2, 2, "platform", "event"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, event, err := platformAndEvent(args[0], args[1])
			if err != nil {
				return err
			}
			enc, err := contract.ParseEncoding(encoding)
			if err != nil {
				return misuse("--encoding: %w", err)
			}
			style, err := contract.ParseFormStyle(nested)
			if err != nil {
				return misuse("--form-style: %w", err)
			}
			if first > fakes.MaxN || count > fakes.MaxN-first {
				return misuse("--first %d with --count %d goes beyond the last payload, %d", first, count, fakes.MaxN)
			}
			if pretty && enc == contract.Form {
				return misuse("--pretty is for JSON; leave it out with --encoding form")
			}
			if p.Rules.ContentTypes.Value[enc] == "" {
				return misuse("--encoding: %s does not send %s", p, enc)
			}
			world := fakes.NewWorld(seed, fakes.Config{})
			generator, err := world.Generator(event)
			if minimal {
				generator, err = world.Minimal(event)
			}
			if err != nil {
				return misuse("%w", err)
			}
			out := bufio.NewWriter(a.stdout)
			var body []byte
			for n := first; n < first+count && cmd.Context().Err() == nil; n++ {
				body = generator.Append(body[:0], n, generator.At(n))
				line := body
				if len(settings) > 0 {
					if line, err = override(event, body, settings); err != nil {
						return err
					}
				}
				switch {
				case enc == contract.Form:
					if line, err = contract.EncodeForm(line, style); err != nil {
						return err
					}
				case pretty:
					var indented bytes.Buffer
					if err := json.Indent(&indented, line, "", "  "); err != nil {
						return err
					}
					line = indented.Bytes()
				}
				out.Write(line)
				if err := out.WriteByte('\n'); err != nil {
					return couldNot(err)
				}
			}
			if err := out.Flush(); err != nil {
				return couldNot(err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.Uint64Var(&seed, "seed", 42, "the world that the payloads come from")
	f.Uint64VarP(&count, "count", "n", 1, "how many")
	f.Uint64Var(&first, "first", 0, "the number of the first one")
	f.StringArrayVar(&settings, "set", nil, "put another value at a path, such as payload.member.email=a@example.com; may be repeated")
	f.BoolVar(&minimal, "minimal", false, "only the required fields")
	f.BoolVar(&pretty, "pretty", false, "indent the JSON")
	f.StringVar(&encoding, "encoding", string(contract.JSON), "json, or form where the platform sends forms")
	f.StringVar(&nested, "form-style", string(contract.Brackets), "how a form nests: brackets or dots")
	return cmd
}
