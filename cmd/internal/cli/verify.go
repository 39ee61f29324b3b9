package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/contracttest"
	"github.com/quintain-dev/quintain/contract/contracttest/reference"
	"github.com/quintain-dev/quintain/mockserver"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	platform, formStyle, junit string
	signature                  string
	exec                       string
	receiver                   contracttest.Receiver
	sender                     bool
	asJSON                     bool
}

// verdict is the JSON of the verify command.
type verdict struct {
	Passed  bool                   `json:"passed"`
	Reports []*contracttest.Report `json:"reports"`
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

func (a *app) verify() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [url]",
		Short: "Judge a receiver by the rules, against every documented event",
		Long: `Judges the receiver at the URL: sends it every event that the platform documents, then what an
attacker, a broken proxy or a retrying sender would send, and reports each numbered rule.

Without a URL it judges the built-in reference receiver of each platform, which shows what a
pass looks like. With --sender it judges a mock server instead: the built-in one, or the one at
the URL.`,
		Example: `  quintain verify
  quintain verify http://localhost:3000/hooks --platform tribe --secret s3cret
  quintain verify http://localhost:3000/hooks -p tryno --exec 'node server.js' --junit report.xml
  quintain verify http://localhost:3000/hooks -p mighty --rules ACK-1,ACK-2 --events EventCreated
  quintain verify --sender`,
		Args: args(0, 1, "url"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.aloud = true
			target := ""
			if len(args) == 1 {
				target = args[0]
			}
			reports, err := a.judge(cmd.Context(), target, o)
			if err != nil {
				return err
			}
			return a.present(reports, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.platform, "platform", "p", "", "whose receiver it is: mighty, tryno, ambassify, tribe, or one with a revision (tribe@2021-12)")
	a.secretFlag(cmd, &o.receiver.Secret, "the signing secret, or the bearer key that the receiver expects")
	f.StringSliceVar(&o.receiver.Rules, "rules", nil, "only these rules, such as SIG-1,SIG-2")
	f.StringSliceVar(&o.receiver.Skip, "skip", nil, "not these rules")
	f.StringSliceVar(&o.receiver.Events, "events", nil, "only these events")
	f.Uint64Var(&o.receiver.Seed, "seed", 42, "the world that the payloads come from; the same seed sends the same")
	f.IntVar(&o.receiver.Seeds, "seeds", 0, "generated payloads of each event for ACK-2 (default 25)")
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

// judge makes the reports that the options ask for.
func (a *app) judge(ctx context.Context, target string, o verifyOptions) ([]*contracttest.Report, error) {
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
	platforms, err := a.verifyPlatforms(target, o)
	if err != nil {
		return nil, err
	}
	for i, p := range platforms {
		if platforms[i], err = signed(p, o.signature); err != nil {
			return nil, err
		}
	}
	if o.exec != "" {
		stop, err := a.startReceiver(ctx, o.exec, target)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	var reports []*contracttest.Report
	for _, p := range platforms {
		var report *contracttest.Report
		var err error
		switch {
		case o.sender:
			report, err = judgeSender(ctx, target, p, o)
		case target != "" && p.Rules.Signature.Value.Signed() && o.receiver.Secret == "":
			return nil, misuse("--secret is missing (or QUINTAIN_SECRET): %s signs its deliveries, and the receiver checks that with its secret", p)
		case target != "":
			o.receiver.URL, o.receiver.Platform = target, p
			report, err = contracttest.Verify(ctx, o.receiver)
		default:
			report, err = judgeReference(ctx, p, o.receiver)
		}
		if err != nil {
			return nil, verifyError(err)
		}
		report.Version = release
		reports = append(reports, report)
	}
	return reports, nil
}

func (a *app) verifyPlatforms(target string, o verifyOptions) ([]*contract.Platform, error) {
	references := []string{o.platform}
	switch {
	case o.platform != "" || a.contractFile != "":
	case o.sender:
		references = []string{"tryno"} // the platform that documents the most about its sender
	case target != "":
		return nil, misuse("--platform is missing: whose receiver is at %s? There is mighty, tryno, ambassify, tribe", target)
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

func checkURL(target string) error {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return misuse("%q is not a URL to post to; write it as http://localhost:3000/hooks", target)
	}
	return nil
}

// verifyError gives an error of the suite its exit code.
func verifyError(err error) error {
	var e *contracttest.Error
	if errors.As(err, &e) && e.Kind == contracttest.Misuse {
		return misuse("%w", err)
	}
	return couldNot(err)
}

// judgeReference judges the built-in receiver of a platform, over a real socket.
func judgeReference(ctx context.Context, p *contract.Platform, r contracttest.Receiver) (*contracttest.Report, error) {
	if r.Secret == "" && p.Rules.Signature.Value.Scheme != "none" {
		r.Secret = "whsec_c2VjcmV0LW9mLXRoZS1yZWZlcmVuY2UtcmVjZWl2ZXI=" // which Standard Webhooks can read, too
	}
	address, stop, err := listenAndServe("127.0.0.1:0", reference.New(p, r.Secret))
	if err != nil {
		return nil, err
	}
	defer stop()
	r.URL, r.Platform = "http://"+address+"/hooks", p
	return contracttest.Verify(ctx, r)
}

// listenAndServe serves a handler until stop is called.
func listenAndServe(address string, handler http.Handler) (listening string, stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with ErrServerClosed, by stop
	}()
	return listener.Addr().String(), func() {
		// Answers that are being written are let out; what takes longer is cut off.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-done
	}, nil
}

// present prints the reports, and ends with the exit code of their verdict.
func (a *app) present(reports []*contracttest.Report, o verifyOptions) error {
	out := verdict{Passed: true, Reports: reports}
	for _, r := range reports {
		out.Passed = out.Passed && !r.Failed()
	}
	if o.asJSON {
		if err := a.printJSON(out); err != nil {
			return couldNot(err)
		}
	} else {
		for i, r := range reports {
			if i > 0 {
				fmt.Fprintln(a.stdout)
			}
			if err := r.WriteText(a.stdout, a.color()); err != nil {
				return couldNot(err)
			}
		}
	}
	if len(reports) > 1 && !o.asJSON {
		a.sum(reports)
	}
	if o.junit != "" {
		if err := writeJUnit(o.junit, reports); err != nil {
			return couldNot(err)
		}
	}
	if !out.Passed {
		return judged
	}
	return nil
}

// sum says what several reports come to.
func (a *app) sum(reports []*contracttest.Report) {
	var events, scenarios int
	var failed []string
	for _, r := range reports {
		events += r.Events
		scenarios += r.Scenarios.Passed + r.Scenarios.Failed
		if r.Failed() {
			failed = append(failed, r.Platform)
		}
	}
	verdict := "no must rule failed"
	if len(failed) > 0 {
		verdict = "must rules failed for " + strings.Join(failed, ", ")
	}
	fmt.Fprintf(a.stdout, "\n%d platforms, %d events, %d scenarios: %s\n", len(reports), events, scenarios, verdict)
}

// color reports whether the output is a terminal that wants colors.
func (a *app) color() bool {
	if a.env["NO_COLOR"] != "" || a.env["TERM"] == "dumb" {
		return false
	}
	file, ok := a.stdout.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func writeJUnit(name string, reports []*contracttest.Report) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := contracttest.WriteJUnit(file, reports...); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// judgeSender judges the mock server at the URL, or one of its own.
func judgeSender(ctx context.Context, target string, p *contract.Platform, o verifyOptions) (*contracttest.Report, error) {
	s := contracttest.Sender{URL: target, Platform: p, Rules: o.receiver.Rules, Skip: o.receiver.Skip, Concurrency: o.receiver.Concurrency}
	if target == "" {
		mock, err := mockserver.New(mockserver.WithPlatform(p))
		if err != nil {
			return nil, err
		}
		defer mock.Close()
		address, stop, err := listenAndServe("127.0.0.1:0", mock)
		if err != nil {
			return nil, err
		}
		defer stop()
		s.URL, s.BuiltIn = "http://"+address, true
	}
	return contracttest.VerifySender(ctx, s)
}
