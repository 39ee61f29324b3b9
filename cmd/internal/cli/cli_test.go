package cli_test

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"quintain": func() {
			os.Exit(cli.Main(context.Background(), os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// The scripts type what a person types, and check what the person sees.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// serve starts a server for the rest of the script, and lets QUINTAIN_SERVER lead to it.
			"serve": func(ts *testscript.TestScript, _ bool, args []string) {
				server, _ := start(t, `up at (http://[0-9.:]+)$`, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
				ts.Setenv("QUINTAIN_SERVER", server)
			},
		},
	})
}
