package contract

import (
	"errors"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// uriFormats are the formats of URLs as RFC 3986 has them. The library asks net/url, which takes spaces and letters
// beyond ASCII as well; other validators refuse those, and two validators are to agree on what breaks a contract.
func uriFormats() []*jsonschema.Format {
	check := func(absolute bool) func(v any) error {
		return func(v any) error {
			s, ok := v.(string)
			if !ok {
				return nil
			}
			u, err := url.Parse(s)
			switch {
			case err != nil:
				return err
			case absolute && !u.IsAbs():
				return errors.New("it is not absolute")
			}
			return uriCharacters(s)
		}
	}
	return []*jsonschema.Format{{Name: "uri", Validate: check(true)}, {Name: "uri-reference", Validate: check(false)}}
}

func uriCharacters(s string) error {
	const marks = "-._~:/?#[]@!$&'()*+,;=%"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte(marks, c) < 0:
			return errors.New("it has a character that a URL writes with %")
		}
	}
	return nil
}
