package cli_test

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"quintain": func() {
			os.Exit(cli.Main(context.Background(), os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
		"dying": dying,
	})
}

// dying is a receiver that acknowledges as many requests as its second argument says at the port that is the first, and
// ends in the middle of the next one.
func dying() {
	left, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	var seen atomic.Int64
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if seen.Add(1) > int64(left) {
			os.Exit(7)
		}
	})))
}

// The scripts type what a person types, and check what the person sees.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// port lets PORT be one that nobody listens at.
			"port": func(ts *testscript.TestScript, _ bool, _ []string) { ts.Setenv("PORT", freePort(t)) },
			// serve starts a server for the rest of the script, and lets QUINTAIN_SERVER lead to it.
			"serve": func(ts *testscript.TestScript, _ bool, args []string) {
				server, _ := start(t, `up at (http://[0-9.:]+)$`, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
				ts.Setenv("QUINTAIN_SERVER", server)
			},
		},
	})
}
