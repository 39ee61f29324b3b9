package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// running is a community of a running server, as flags name it.
type running struct {
	server, community, token string
	flag                     *pflag.Flag // --server
}

// serverFlags adds --server, --community and --token, to the commands below cmd too. The standard is which community is
// meant without --community.
func (r *running) serverFlags(cmd *cobra.Command, standard string) {
	f := cmd.PersistentFlags()
	f.StringVar(&r.server, "server", "http://"+defaultAddress, "the running server (or QUINTAIN_SERVER, QUINTAIN_ADDR)")
	f.StringVar(&r.community, "community", "", "the community on that server (default: "+standard+")")
	f.StringVar(&r.token, "token", "", "the control token of that server, if it asks for one (or QUINTAIN_TOKEN)")
	r.flag = f.Lookup("server")
}

// call completes where the server is, and returns a client of it.
func (a *app) call(r *running) (*client.Client, error) {
	from := "--server"
	switch server, addr := a.env["QUINTAIN_SERVER"], a.env["QUINTAIN_ADDR"]; {
	case r.flag.Changed:
	case server != "":
		from, r.server = "QUINTAIN_SERVER", server
	case addr != "": // where serve listens, too
		from, r.server = "QUINTAIN_ADDR", "http://"+addr
		if strings.HasPrefix(addr, ":") { // on every address of this machine
			r.server = "http://127.0.0.1" + addr
		}
	}
	if !isURL(r.server) {
		return nil, misuse("%s %q is not a URL of a server; write it as http://%s", from, r.server, defaultAddress)
	}
	return client.New(r.server, nil).WithToken(cmp.Or(r.token, a.env["QUINTAIN_TOKEN"])), nil
}

// choose is call for a command that names no platform: without --community, the only community is meant.
func (a *app) choose(ctx context.Context, r *running) (*client.Client, error) {
	c, err := a.call(r)
	if err != nil {
		return nil, err
	}
	all, err := c.Communities(ctx)
	if err != nil {
		return nil, r.failed(err)
	}
	ids := idsOf(all)
	switch {
	case r.community != "":
		_, err := r.named(all)
		return c, err
	case len(ids) == 0:
		return nil, misuse("%s has no community", r.server)
	case len(ids) == 1:
		r.community = ids[0]
		return c, nil
	default:
		return nil, misuse("%s has several communities; choose one with --community: %s", r.server, strings.Join(ids, ", "))
	}
}

// named finds the community among those of the server.
func (r *running) named(all []client.Community) (*client.Community, error) {
	i := slices.IndexFunc(all, func(c client.Community) bool { return c.ID == r.community })
	if i < 0 {
		return nil, misuse("%s: %w", r.server, contract.Unknown("", "community", r.community, idsOf(all)))
	}
	return &all[i], nil
}

func idsOf(all []client.Community) []string {
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = one.ID
	}
	return ids
}

// on makes a command of a function: it chooses the community, and gives errors their exit codes.
func (a *app) on(
	r *running, do func(ctx context.Context, c *client.Client, args []string) error,
) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, err := a.choose(cmd.Context(), r)
		if err != nil {
			return err
		}
		return r.failed(do(cmd.Context(), c, args))
	}
}

// failed gives an error of a call its exit code. One that has a code keeps it.
func (r *running) failed(err error) error {
	var exit *exitError
	var answer *client.Error
	var network *url.Error
	switch {
	case err == nil || errors.As(err, &exit):
		return err
	case errors.As(err, &answer):
		return serverError(r.server, err)
	case errors.As(err, &network):
		return couldNot(fmt.Errorf("no server at %s: %w; start one with \"quintain serve\"", r.server, noAnswer(err)))
	default:
		return couldNot(err)
	}
}

// serverError gives an error of a call that send makes its exit code.
func serverError(server string, err error) error {
	var answer *client.Error
	switch {
	case errors.As(err, &answer) && answer.Status < 500:
		return misuse("%s: %w", server, inWords(err))
	case errors.As(err, &answer):
		return couldNot(inWords(err))
	default:
		return couldNot(fmt.Errorf("no server at %s: %w; start one with \"quintain serve --to <your receiver>\", or deliver straight with --to", server, noAnswer(err)))
	}
}

// noAnswer says in words why a server did not answer, where that is known.
func noAnswer(err error) error {
	var network *url.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("nobody listens there")
	case errors.As(err, &network):
		return network.Err // without the call
	}
	return err
}

// commands translates the hints of a server into commands of this program.
var commands = strings.NewReplacer("GET /__mock/faults", `"quintain faults"`, "with POST …/clock/settle", `with "quintain clock settle"`,
	`make the community with {"clock": {"mode": "virtual"}} to move its clock`, `start the server with "quintain serve --clock virtual" to move it`,
	", or mockserver.WithAllowedHosts", "")

// inWords writes an error of a server as it is read at a terminal: with flags and commands in place of fields and
// calls, without what is for programs, and with a script and its caret last, below the sentence and the hint. Other
// errors stay as they are.
func inWords(err error) error {
	var answer *client.Error
	if !errors.As(err, &answer) {
		return err
	}
	sentence, script, shown := strings.Cut(answer.Message, "\n")
	field := sentence[:max(0, strings.IndexAny(sentence, " :"))]
	if flag := strings.ReplaceAll(field, "_", "-"); slices.Contains(checkedByServer, flag) {
		sentence = "--" + flag + strings.TrimPrefix(sentence, field)
	}
	if rest, ok := strings.CutPrefix(sentence, "url: "); ok { // the URL of a webhook comes from --to alone
		sentence = "--to: " + rest
	}
	hint := commands.Replace(answer.Hint)
	if answer.Code == "unknown_inbox" {
		hint = `"quintain inbox list" lists those that there are`
	}
	if answer.Code == "unauthorized" {
		hint = `give the token that "quintain serve" showed with --token or QUINTAIN_TOKEN`
	}
	if hint != "" {
		sentence += "; " + hint
	}
	if shown {
		sentence += "\n" + script
	}
	return errors.New(sentence)
}

// checkedByServer are the flags whose values the server checks, where it has them as fields.
var checkedByServer = append([]string{"secret", "encoding", "form-style", "max-webhooks", "rate-limit", "max", "timeout"}, sendingFlags...)

// inProcess returns a client of a server that listens nowhere.
func inProcess(mock *mockserver.Server) *client.Client {
	return client.New("http://mock", &http.Client{Transport: mock})
}
