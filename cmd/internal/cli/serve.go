package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/cmd/internal/cli/live"
	"github.com/quintain-dev/quintain/cmd/internal/cli/term"
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// defaultAddress is where serve listens, and where send looks for it.
const defaultAddress = "127.0.0.1:7555"

// serveOptions are the flags of serve.
type serveOptions struct {
	address, secret, clock string
	token, baseURL         string
	to, platforms, allow   []string
	scale                  float64
	seed                   uint64
	maxWebhooks, rateLimit int
	demo, verbose          bool
	repeated               bool // --seed or --start: the run is to equal another one
	sending                sending
	lines                  lineOptions
}

func (a *app) serve() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Start the mock server",
		Long: `Starts the mock server with one community of each platform, named after it:
` + strings.Join(contract.Names(), ", ") + `. With --to, each has a webhook for all its
events at that URL. How they send (retries, signature, faults) is as the
platform documents it, or as the flags say, for all of them.

Everything else is done through its API: the platform's own (Tryno's webhooks
under /v1/communities/tryno/webhooks, Tribe's GraphQL at /graphql) and the
control API under /__mock/, described at /__mock/openapi.yaml: events, clocks,
deliveries, failing endpoints (inboxes). For some of it there are commands:
"quintain send", "clock" and "inbox".

Each attempt and each request to an inbox prints a line on standard error, as
text in a terminal and as JSON elsewhere. A failed attempt says why, how the
answer begins, and when the next one is due.

The server keeps everything in memory: when the process ends, all of it is gone.
"quintain export" saves the journal before.

Where others can reach the server (--addr 0.0.0.0:7555), the control API asks
for a token: the one that is given, or one that is made and shown at the start.
Commands send it from QUINTAIN_TOKEN or --token. Inboxes and the platforms' own
APIs ask for none. Requests must name a Host that is the server's: its address,
that of --base-url, or a name of --allow-host.`,
		Example: `  quintain serve --to http://localhost:3000/hooks --secret s3cret
  quintain serve --platform tribe --clock virtual
  quintain serve --clock scaled --scale 3600     an hour of retries in a second
  quintain serve --to http://localhost:3000/hooks -p tribe --secret s3cret --faults "30% lost, 5% tamper"`,
		Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("addr") && a.env["QUINTAIN_ADDR"] != "" {
				o.address = a.env["QUINTAIN_ADDR"]
			}
			if !cmd.Flags().Changed("token") {
				o.token = a.env["QUINTAIN_TOKEN"]
			}
			if cmd.Flags().Changed("scale") && o.clock != client.ClockScaled {
				return misuse("--scale goes with --clock scaled")
			}
			o.repeated = cmd.Flags().Changed("seed") || cmd.Flags().Changed("start")
			return a.runServer(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.address, "addr", defaultAddress, "where to listen (or QUINTAIN_ADDR); port 0 takes a free one")
	f.StringArrayVar(&o.to, "to", nil, "your receiver: gets a webhook for every event; may be given several times")
	f.StringSliceVarP(&o.platforms, "platform", "p", nil, "which platforms to play, each a name or a name with a revision (default: all that are built in)")
	a.secretFlag(cmd, &o.secret, "the signing secret, or key, of every webhook;"+
		" default: one is made, from the seed if --seed or --start is given")
	f.StringVar(&o.clock, "clock", client.ClockReal, "when retries are due: real, scaled or virtual (stands still until it is moved)")
	f.Float64Var(&o.scale, "scale", 3600, "how many times as fast as real time a scaled clock runs")
	f.Uint64Var(&o.seed, "seed", 42, "the world that the payloads come from")
	o.sending.flags(cmd)
	f.IntVar(&o.maxWebhooks, "max-webhooks", 0, "how many webhooks a community may have; 0 for any number")
	f.IntVar(&o.rateLimit, "rate-limit", 100, "how many requests the platform's admin API answers in its window (Tryno: a minute, Tribe: 10 s); 0 never refuses")
	f.StringSliceVar(&o.allow, "allow-host", nil, "deliver to more than this machine: a host, a network (10.0.0.0/8),"+
		" or * for all but metadata services (169.254.169.254)")
	f.StringVar(&o.baseURL, "base-url", "", "how others call this server, such as http://mock:7555; inboxes are named so")
	f.StringVar(&o.token, "token", "", "ask for this token in calls of the control API (or QUINTAIN_TOKEN);"+
		" default: none on this machine alone, else one is made")
	f.BoolVar(&o.demo, "demo", false, "first judge the built-in receivers with every event, and show what to try next")
	o.lines.flags(cmd)
	f.BoolVarP(&o.verbose, "verbose", "v", false, "also log what the server says for debugging to standard error")
	return cmd
}

func (a *app) runServer(ctx context.Context, o serveOptions) error {
	for _, to := range o.to {
		if err := checkURL(to); err != nil {
			return err
		}
	}
	platforms, err := a.served(o)
	if err != nil {
		return err
	}
	clock, err := newClock(o)
	if err != nil {
		return err
	}
	made := o.token == "" && !o.local()
	if made {
		o.token = rand.Text()
	}
	// The lines go to standard error, where the log goes: standard output has the greeting, which scripts read.
	asJSON, err := o.lines.asJSON(a.stderr)
	if err != nil {
		return err
	}
	happening := term.NewLines(a.stderr, asJSON)
	defer happening.Close()
	mock, err := a.newServer(platforms, o, happening)
	if err != nil {
		return misuse("%w", err)
	}
	defer mock.Close()
	c := inProcess(mock).WithToken(o.token) // what cannot be made keeps the server from being there at all
	var communities []*client.Community
	for _, p := range platforms {
		community, err := found(ctx, c, p, clock, o)
		if err != nil {
			return misuse("%w", inWords(err))
		}
		communities = append(communities, community)
	}
	if err := checkAddress(o.address); err != nil {
		return err
	}
	address, stop, err := listenAndServe(o.address, mock)
	if err != nil {
		return couldNot(listenError(o.address, err))
	}
	defer stop()
	base := "http://" + reachable(address)
	if o.demo {
		if err := a.demo(ctx); err != nil {
			return err
		}
	}
	a.welcome(base, o.warning(address, made), platforms, communities, o)
	<-ctx.Done()
	return nil
}

func (a *app) newServer(
	platforms []*contract.Platform, o serveOptions, happening *term.Lines,
) (*mockserver.Server, error) {
	logged := &slog.HandlerOptions{Level: slog.LevelInfo}
	if o.verbose {
		logged.Level = slog.LevelDebug
	}
	var log slog.Handler = slog.NewTextHandler(happening, logged)
	if happening.AsJSON() {
		log = slog.NewJSONHandler(happening, logged)
	}
	options := []mockserver.Option{
		mockserver.WithAllowedHosts(o.allow...), mockserver.WithBaseURL(o.baseURL),
		mockserver.WithHostCheck(), mockserver.WithControlToken(o.token), mockserver.WithLogger(slog.New(log)),
	}
	if !o.lines.quiet {
		options = append(options, mockserver.WithObserver(live.Observer(happening)))
	}
	host, _, err := net.SplitHostPort(o.address)
	if _, bad := netip.ParseAddr(host); err == nil && host != "" && bad != nil {
		options = append(options, mockserver.WithAllowedHosts(host)) // a name of this machine
	}
	for _, p := range platforms {
		options = append(options, mockserver.WithPlatform(p))
	}
	return mockserver.New(options...)
}

// served are the platforms that are asked for: those named, or that of --contract, or all.
func (a *app) served(o serveOptions) ([]*contract.Platform, error) {
	var references []string
	for _, part := range o.platforms { // commas stand between platforms, and before the options of one
		if n := len(references); n > 0 && strings.Contains(part, "=") {
			references[n-1] += "," + part
		} else {
			references = append(references, part)
		}
	}
	switch {
	case len(references) > 0:
	case a.contractFile != "":
		references = []string{""}
	default:
		references = contract.Names()
	}
	var out []*contract.Platform
	for _, reference := range references {
		p, err := a.platform(reference)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(other *contract.Platform) bool { return other.Name == p.Name }) {
			return nil, misuse("--platform names %s twice; a community is named after its platform", p.Name)
		}
		out = append(out, p)
	}
	return out, nil
}

// checkAddress says what is wrong with an address to listen at.
func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number > 65535 {
		example := defaultAddress
		if number, err := strconv.ParseUint(address, 10, 16); err == nil { // a port alone
			example = fmt.Sprintf("127.0.0.1:%d", number)
		}
		return misuse("--addr %q is no address to listen at; write it as %s, with port 0 for a free one", address, example)
	}
	return nil
}

// local reports whether the server listens where this machine alone can reach it.
func (o serveOptions) local() bool {
	host, _, err := net.SplitHostPort(o.address)
	return err == nil && loopback(host)
}

// loopback reports whether a host is the machine alone.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// reachable is the address at which a server that listens everywhere is called from here.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

func newClock(o serveOptions) (*client.NewClock, error) {
	switch o.clock {
	case client.ClockReal:
		return nil, nil
	case client.ClockScaled:
		if !(o.scale > 0) || math.IsInf(o.scale, 0) { // not a number is not more than 0 either
			return nil, misuse("--scale %g is not a speed; write how many times as fast as real time", o.scale)
		}
		return client.Scaled(o.scale), nil
	case client.ClockVirtual:
		return client.Virtual(), nil
	}
	return nil, misuse("--clock %q is none of real, scaled, virtual", o.clock)
}

// found makes the community of a platform, with its webhook if there is a receiver.
func found(
	ctx context.Context, c *client.Client, p *contract.Platform, clock *client.NewClock, o serveOptions,
) (*client.Community, error) {
	n := client.NewCommunity{ID: p.Name, Platform: p.String(), Seed: &o.seed, Clock: clock, MaxWebhooks: o.maxWebhooks}
	if !o.repeated {
		n.Secrets = client.SecretsRandom // the seed that everybody has by default is no secret
	}
	if err := o.sending.into(&n); err != nil {
		return nil, err
	}
	if o.sending.changed("rate-limit") {
		n.RateLimit = &o.rateLimit
	}
	if o.secret != "" {
		n.Secret = &o.secret
	}
	community, err := c.CreateCommunity(ctx, n)
	if err != nil {
		return nil, err
	}
	for _, to := range o.to {
		if _, err := c.CreateWebhook(ctx, community.ID, client.NewWebhook{URL: to, Events: []string{"*"}}); err != nil {
			return nil, err
		}
	}
	return community, nil
}

// demo judges the built-in receivers and prints the reports. A failure there is a failure of Quintain.
func (a *app) demo(ctx context.Context) error {
	o := verifyOptions{}
	o.receiver.Seed = 42
	reports, err := a.judge(ctx, "", o)
	if err != nil {
		return err
	}
	return a.present(reports, o)
}

// adminPath is where the platform's own admin API of a community is; "" if there is none.
func adminPath(p *contract.Platform, c *client.Community) string {
	switch {
	case p.Name == "tribe": // whose GraphQL has one address for all; the token says which community is meant
		return "/graphql"
	case len(p.Calls()) > 0:
		return "/v1/communities/" + c.ID + "/webhooks"
	}
	return ""
}

// warning says, of a server that others can reach, what they need; empty for one that they cannot.
func (o serveOptions) warning(address string, made bool) string {
	if o.local() {
		return ""
	}
	text := "  Warning: others can reach this server at " + address + ".\n" +
		"  Calls under /__mock/ need its control token; inboxes and the platforms' own APIs are open.\n"
	if made { // the user's own is the user's to keep
		text += "  control token " + o.token + "   # shown this once; for commands: export QUINTAIN_TOKEN=" + o.token + "\n"
	}
	return text + "\n"
}

func (a *app) welcome(
	base, warning string, platforms []*contract.Platform, communities []*client.Community, o serveOptions,
) {
	fmt.Fprintf(a.stdout, "\nThe mock server is up at %s\n\n%s", base, warning)
	for i, c := range communities {
		fmt.Fprintf(a.stdout, "  community %-10s %s@%s", c.ID, c.Platform, c.Revision)
		if c.Secret != "" && o.secret == "" { // the user's own is the user's to keep
			fmt.Fprintf(a.stdout, "  secret %s", c.Secret)
		}
		if path := adminPath(platforms[i], c); path != "" {
			fmt.Fprintf(a.stdout, "\n  %22s admin API %s%s  token %s", "", base, path, c.Token)
		}
		fmt.Fprintln(a.stdout)
	}
	first, example := communities[0], platforms[0].EventNames()[0]
	named, flag := a.named(platforms[0])
	fmt.Fprintln(a.stdout, "\nTry next, in another terminal:")
	server := ""
	if base != "http://"+defaultAddress {
		server = " --server " + base
	}
	if len(o.to) == 0 {
		secret := ""
		if first.Secret != "" {
			secret = " --secret s3cret"
		}
		fmt.Fprintf(a.stdout, "  %s listen %s --addr 127.0.0.1:3000%s   # a receiver that shows what comes\n", a.program, flag, secret)
		fmt.Fprintf(a.stdout, "  %s send %s %s --to http://127.0.0.1:3000/hooks%s   # one delivery to it\n", a.program, named, example, secret)
		fmt.Fprintf(a.stdout, "  %s verify http://127.0.0.1:3000/hooks %s%s   # judge it, or your own\n", a.program, flag, secret)
	} else {
		fmt.Fprintf(a.stdout, "  %s send %s %s%s   # one event to %s\n", a.program, named, example, server, strings.Join(o.to, " and "))
	}
	header := ""
	if o.token != "" {
		header = `-H "Authorization: Bearer $QUINTAIN_TOKEN" `
	}
	fmt.Fprintf(a.stdout, "  curl %s%s/__mock/openapi.yaml   # everything the control API can do\n", header, base)
	fmt.Fprint(a.stdout, "\nEverything is kept in memory, and gone when this process ends.\n\nEnd with Ctrl-C.\n")
}
