package scenario

import (
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// PlatformWords are the flags of quintain verify that choose a platform, its revision, its options and its signature.
func PlatformWords(p *contract.Platform) []string {
	var out []string
	switch {
	case !slices.Contains(contract.Names(), p.Name):
		out = append(out, "--contract", ShellWord(p.DocumentFile()))
		if p.Revision != p.Revisions[0] || strings.Contains(p.String(), ",") {
			out = append(out, "--platform", p.String())
		}
	case p.Revision == p.Revisions[0] && !strings.Contains(p.String(), ","): // and no option
		out = append(out, "--platform", p.Name)
	default:
		out = append(out, "--platform", p.String())
	}
	if p.Rules.Signature.Value.Scheme == contract.StandardWebhooks {
		out = append(out, "--signature", contract.StandardWebhooks)
	}
	return out
}

// ShellWord quotes a word for a shell where it needs that.
func ShellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:@%+,="
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
