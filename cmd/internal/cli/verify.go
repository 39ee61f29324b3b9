package cli

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	platform, formStyle, junit string
	signature                  string
	exec                       string
	receiver                   judge.Receiver
	sender                     bool
	asJSON                     bool
}

// platformSignature is how the platform signs.
const platformSignature = "platform"

// signed returns the platform with the signature that a flag asks for.
func signed(p *contract.Platform, signature string) (*contract.Platform, error) {
	switch signature {
	case "", platformSignature:
		return p, nil
	case contract.StandardWebhooks:
		return p.WithSignature(signature)
	default:
		return nil, misuse("--signature %q is none of %s, %s", signature, platformSignature, contract.StandardWebhooks)
	}
}

// aboutReceivers are the flags that a judged sender has no use for: its payloads, secrets and times are those of its
// communities.
var aboutReceivers = []string{"secret", "events", "seed", "seeds", "form-style", "timeout"}

func (a *app) verify() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [url]",
		Short: "Judge a receiver by the rules, against every documented event",
		Long: `Judges the receiver at the URL: sends it every event that the platform
documents, then what an attacker, a broken proxy or a retrying sender would
send, and reports each numbered rule.

Without a URL it judges the built-in reference receiver of each platform, which
shows what a pass looks like. With --sender it judges a mock server instead: the
built-in one, or the one at the URL.`,
		Example: `  quintain verify
  quintain verify http://localhost:3000/hooks --platform tribe --secret s3cret
  quintain verify http://localhost:3000/hooks -p tryno --exec 'node server.js' --junit report.xml
  quintain verify http://localhost:3000/hooks -p mighty --events EventCreated
  quintain verify --sender`,
		Args: args(0, 1, "URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.aloud = true
			for _, flag := range aboutReceivers {
				if o.sender && cmd.Flags().Changed(flag) {
					return misuse("--%s is about receivers, and does nothing with --sender", flag)
				}
			}
			if err := o.inRange(cmd.Flags().Changed); err != nil {
				return err
			}
			target := ""
			if len(args) == 1 {
				target = args[0]
			}
			if o.junit != "" {
				if err := checkWritable("junit", o.junit); err != nil {
					o.junit = ""
					return a.presentPart(cmd.Context(), nil, err, o)
				}
			}
			reports, err := a.judge(cmd.Context(), target, o)
			if err != nil {
				return a.presentPart(cmd.Context(), reports, err, o)
			}
			return a.present(reports, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.platform, "platform", "p", "", "whose receiver it is: "+strings.Join(contract.Names(), ", ")+", or one with a revision (tribe@2021-12)")
	a.secretFlag(cmd, &o.receiver.Secret, "the signing secret, or the bearer key that the receiver expects")
	f.StringSliceVar(&o.receiver.Rules, "rules", nil, "only these rules, by id (quintain rules lists them)")
	f.StringSliceVar(&o.receiver.Skip, "skip", nil, "not these rules")
	f.StringSliceVar(&o.receiver.Events, "events", nil, "only these events")
	f.Uint64Var(&o.receiver.Seed, "seed", 42, "the world that the payloads come from; the same seed sends the same")
	f.IntVar(&o.receiver.Seeds, "seeds", 0, "generated payloads of each event (default 25)")
	f.StringVar(&o.formStyle, "form-style", "", "how the receiver reads nested forms: brackets or dots (default: either passes)")
	f.StringVar(&o.signature, "signature", platformSignature, "how deliveries are signed: platform, or standard-webhooks")
	f.DurationVar(&o.receiver.Timeout, "timeout", 0, "how long an answer may take (default: the platform's, 10s)")
	f.IntVar(&o.receiver.Concurrency, "concurrency", 0, "scenarios at once (default 4)")
	f.StringVar(&o.exec, "exec", "", "start the receiver with this command, wait until it listens, judge it, stop it")
	f.BoolVar(&o.sender, "sender", false, "judge a mock server, not a receiver")
	f.StringVar(&o.junit, "junit", "", "also write a JUnit report to this file")
	f.BoolVar(&o.asJSON, "json", false, "print the report as JSON: every rule with its level, verdict and failures")
	return cmd
}

// inRange checks the numbers, whose zero values stand for defaults.
func (o *verifyOptions) inRange(changed func(flag string) bool) error {
	for flag, value := range map[string]int{"concurrency": o.receiver.Concurrency, "seeds": o.receiver.Seeds} {
		if changed(flag) && value < 1 {
			return misuse("--%s %d is out of range, want 1 or more", flag, value)
		}
	}
	if changed("timeout") && o.receiver.Timeout <= 0 {
		return misuse("--timeout %s is out of range, want more than 0s, such as 10s", o.receiver.Timeout)
	}
	return nil
}

// judge makes the reports that the options ask for. With an error, they are as far as it came.
func (a *app) judge(ctx context.Context, target string, o verifyOptions) ([]*judge.Report, error) {
	if o.formStyle != "" {
		style, err := contract.ParseFormStyle(o.formStyle)
		if err != nil {
			return nil, misuse("--form-style: %w", err)
		}
		o.receiver.FormStyle = style
	}
	if target != "" {
		if err := checkURL(target); err != nil {
			return nil, err
		}
	}
	if o.exec != "" && target == "" {
		return nil, misuse("--exec needs the URL at which the receiver will listen")
	}
	if err := checkRules(o); err != nil {
		return nil, err
	}
	platforms, err := a.verifyPlatforms(target, o)
	if err != nil {
		return nil, err
	}
	for i, p := range platforms {
		if platforms[i], err = signed(p, o.signature); err != nil {
			return nil, err
		}
		if target != "" && !o.sender && platforms[i].Rules.Signature.Value.Signed() && o.receiver.Secret == "" {
			return nil, misuse("--secret is missing (or QUINTAIN_SECRET): %s signs its deliveries, and the receiver checks that with its secret", p)
		}
	}
	var receiver *process // with --exec
	if o.exec != "" {
		if receiver, err = a.startReceiver(ctx, o.exec, target); err != nil {
			return nil, &unfinished{platforms, err}
		}
		defer receiver.stop()
		o.receiver.Progress = receiver.count
	}
	var reports []*judge.Report
	for i, p := range platforms {
		var report *judge.Report
		var err error
		switch {
		case o.sender:
			report, err = judgeSender(ctx, target, p, o)
		case target != "":
			o.receiver.URL, o.receiver.Platform = target, p
			report, err = judge.Verify(ctx, o.receiver)
		default:
			report, err = judgeReference(ctx, p, o.receiver)
		}
		if report != nil {
			report.Version = contract.Version
			if receiver != nil {
				receiver.note(report)
			}
			reports = append(reports, report)
		}
		if err != nil {
			return reports, &unfinished{platforms[i:], verifyError(err)}
		}
	}
	return reports, nil
}

func (a *app) verifyPlatforms(target string, o verifyOptions) ([]*contract.Platform, error) {
	references := []string{o.platform}
	switch {
	case o.platform != "" || a.contractFile != "":
	case o.sender:
		p, err := documentsAPI()
		if err != nil {
			return nil, err
		}
		return []*contract.Platform{p}, nil
	case target != "":
		return nil, misuse("--platform is missing: whose receiver is at %s? Want one of %s", target, strings.Join(contract.Names(), ", "))
	default:
		references = contract.Names()
	}
	var platforms []*contract.Platform
	for _, reference := range references {
		p, err := a.platform(reference)
		if err != nil {
			return nil, err
		}
		platforms = append(platforms, p)
	}
	return platforms, nil
}

// documentsAPI returns the first platform that documents how webhooks are registered: there is the most to judge of it.
func documentsAPI() (*contract.Platform, error) {
	for _, name := range contract.Names() {
		if p, err := contract.Load(name); err != nil || len(p.Calls()) > 0 {
			return p, err
		}
	}
	return nil, misuse("--platform is missing: want one of %s", strings.Join(contract.Names(), ", "))
}

// isURL reports whether something can be requested at a target. Port 0 is where nobody can listen.
func isURL(target string) bool {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" || err == nil && port > 0
}

func checkURL(target string) error {
	if !isURL(target) {
		if with := "http://" + target; !strings.Contains(target, "://") && strings.ContainsAny(target, ".:") && isURL(with) {
			return misuse("%q is not a URL to post to; write it as %s", target, with)
		}
		return misuse("%q is not a URL to post to; write it as http://localhost:3000/hooks, with http or https", target)
	}
	return nil
}

// verifyError gives an error of the suite its exit code.
func verifyError(err error) error {
	var e *judge.Error
	if errors.As(err, &e) && e.Kind == judge.Misuse {
		return misuse("%w", err)
	}
	return couldNot(err)
}

// checkRules says of rules about the other side that they are.
func checkRules(o verifyOptions) error {
	other, hint := judge.OfSender, "%s is a rule for senders; add --sender"
	if o.sender {
		other, hint = judge.OfReceiver, "%s is a rule for receivers; leave --sender out"
	}
	for _, id := range slices.Concat(o.receiver.Rules, o.receiver.Skip) {
		if slices.ContainsFunc(judge.Rules(), func(r judge.Rule) bool { return r.Side == other && r.ID == id }) {
			return misuse(hint, id)
		}
	}
	return nil
}
