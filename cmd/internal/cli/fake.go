package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

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
		shard            string
		o                overrides
	)
	cmd := &cobra.Command{
		Use:   "fake <platform> <event>",
		Short: "Print generated payloads of an event, one a line",
		Long: `Prints generated payloads of an event, one a line. The same seed and number
always make the same bytes, and a member is the same in every event: payload 5
of member.created and of member.updated are about one person. Payload n depends
on the seed and n alone, so that several processes can make a stream in shards.`,
		Example:           "  quintain fake mighty EventCreated --pretty\n  quintain fake tribe member.created --seed 7 --count 1000 > members.ndjson\n  quintain fake tribe member.created --count 1000000 --shard 3/10 > part3.ndjson\n  quintain fake mighty MemberBadgeAdded --set payload.member.email=me@example.org --unset payload.member.avatar",
		Args:              a.platformArgs(2, 2, "platform", "event"),
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, event, err := a.platformAndEvent(args)
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
			if count == 0 {
				return misuse("--count 0 is out of range, want 1 or more")
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
			from, to, err := shardOf(shard, first, first+count)
			if err != nil {
				return err
			}
			edits, err := a.edits(o)
			if err != nil {
				return err
			}
			world := fakes.NewWorld(seed, fakes.Config{})
			generator, err := world.Generator(event)
			if minimal {
				generator, err = world.Minimal(event)
			}
			if err != nil {
				return misuse("%w", err)
			}
			a.say(generator.Assumptions())
			out := bufio.NewWriterSize(a.stdout, 1<<16)
			var body []byte
			n := from
			for ; n < to && cmd.Context().Err() == nil; n++ {
				body = generator.Append(body[:0], n, generator.At(n))
				line, err := override(event, body, edits, o.force)
				if err != nil {
					return err
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
					return err
				}
			}
			if err := out.Flush(); err != nil || n == to {
				return err
			}
			return couldNot(fmt.Errorf("%w after %s", errBrokenOff, plural(int(n-from), "payload")))
		},
	}
	f := cmd.Flags()
	f.Uint64Var(&seed, "seed", 42, "the world that the payloads come from")
	f.Uint64VarP(&count, "count", "n", 1, "how many")
	f.Uint64Var(&first, "first", 0, "the number of the first one")
	f.StringVar(&shard, "shard", "", "only this part of them, as 3/10: the third of ten parts; the parts one after the other are the whole")
	o.flags(cmd)
	f.BoolVar(&minimal, "minimal", false, "only the required fields")
	f.BoolVar(&pretty, "pretty", false, "indent the JSON")
	f.StringVar(&encoding, "encoding", string(contract.JSON), "json, or form where the platform sends forms")
	f.StringVar(&nested, "form-style", string(contract.Brackets), "how a form nests: brackets or dots")
	return cmd
}

// shardOf returns the numbers of a shard such as 3/10, from the first on and up to but without the last.
func shardOf(shard string, first, end uint64) (from, to uint64, err error) {
	if shard == "" {
		return first, end, nil
	}
	part, parts, ok := strings.Cut(shard, "/")
	i, errPart := strconv.ParseUint(part, 10, 32)
	k, errParts := strconv.ParseUint(parts, 10, 32)
	if !ok || errPart != nil || errParts != nil || i < 1 || i > k {
		return 0, 0, misuse("--shard %q is not a part; write it as 3/10, the third of ten", shard)
	}
	count := end - first
	return first + count*(i-1)/k, first + count*i/k, nil
}
