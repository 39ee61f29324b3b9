package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract/export"
)

func (a *app) contract() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Export or check a contract, or list what x-fake may say",
		Args:  subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return misuse("contract: want export, lint or attributes; see %q", cmd.CommandPath()+" --help")
		},
	}
	cmd.AddCommand(a.exportContract(), a.lintContract(), a.contractAttributes())
	return cmd
}

func (a *app) exportContract() *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:   "export <platform>",
		Short: "Write a contract as OpenAPI, AsyncAPI, JSON Schema or types",
		Long: `Writes a platform's contract in the format of other tools: openapi (3.1, JSON),
asyncapi (3.0, JSON), jsonschema (one file for each event), go (a package that a
receiver can import) or typescript. One file goes to standard output; --out
names a folder for any number.`,
		Example: `  quintain contract export tribe --format asyncapi > tribe.asyncapi.json
  quintain contract export mighty@2026-07 --format go --out ./mighty
  quintain contract export --contract acme.yaml --format typescript`,
		Args:              a.platformArgs(1, 1, "platform"),
		ValidArgsFunction: completeNames,
		RunE: func(_ *cobra.Command, args []string) error {
			p, _, err := a.platformAndRest(args)
			if err != nil {
				return err
			}
			f, err := export.ParseFormat(format)
			if err != nil {
				return misuse("--format: %w", err)
			}
			files, err := export.Files(p, f)
			if err != nil {
				return misuse("%w", err)
			}
			if out == "" {
				if len(files) > 1 {
					return misuse("%s makes %d files; name a folder for them with --out", f, len(files))
				}
				_, err := a.stdout.Write(files[0].Content)
				return err
			}
			return a.writeFiles(out, files)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", string(export.OpenAPI), "openapi, asyncapi, jsonschema, go or typescript")
	cmd.Flags().StringVarP(&out, "out", "o", "", "the folder to write to; it is made if it is not there")
	return cmd
}

func (a *app) writeFiles(dir string, files []export.File) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return misuse("--out %s is a file; name a folder", dir)
	}
	for _, file := range files {
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return couldNot(err)
		}
		if err := os.WriteFile(name, file.Content, 0o666); err != nil {
			return couldNot(err)
		}
		fmt.Fprintln(a.stdout, name)
	}
	return nil
}
