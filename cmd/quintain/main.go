// Quintain plays community platforms to a webhook receiver, and judges it. See the README.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/quintain-dev/quintain/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := cli.Main(ctx, os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
