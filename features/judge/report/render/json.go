package render

import (
	"encoding/json"
	"io"

	"github.com/quintain-dev/quintain/features/judge/report"
)

// JSON writes the report as indented JSON: every rule, also those that were not run, and why.
func JSON(w io.Writer, r *report.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
