package export

import (
	"net/url"
	"strings"
)

// jsonSchema writes one schema for each event, under events, and for each message, under messages.
func jsonSchema(s *source) ([]File, error) {
	var files []File
	for _, kind := range []struct {
		folder string
		of     []*event
	}{{"events", s.events}, {"messages", s.messages}} {
		names := fileNames{}
		for _, e := range kind.of {
			files = append(files, File{kind.folder + "/" + names.free(e.Name) + ".schema.json", pretty(eventSchema(s, e))})
		}
	}
	return files, nil
}

func eventSchema(s *source, e *event) *node {
	b := newBundle(s, "#/$defs/")
	body := b.body(e)
	out := object(
		"$schema", "https://json-schema.org/draft/2020-12/schema",
		"$id", "urn:quintain:"+url.PathEscape(s.platform.String())+":"+url.PathEscape(e.Name),
		"$comment", sentence(s.origin(), "This event is "+string(e.Grade)),
		"title", e.Name,
		"description", sentence(e.Summary, e.Note),
	)
	if isFalse(body) {
		out.Set("not", object())
	}
	if isMapping(body) {
		for i, key := range body.Keys {
			if out.Get(key) == nil {
				out.Set(key, body.Items[i])
			}
		}
	}
	if e.example != nil && out.Get("examples") == nil {
		out.Set("examples", list(e.example))
	}
	put(out, "$defs", b.defs)
	return out
}

// fileNames gives out names of files that differ on file systems which ignore case, too.
type fileNames namer

func (n fileNames) free(name string) string {
	name = plain(name)
	lower := namer(n).free(strings.ToLower(name))
	return name + lower[len(name):]
}
