package fakes

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// escapeJSON returns s as it stands between the quotes of a JSON string.
func escapeJSON(s string) string {
	if !strings.ContainsFunc(s, escaped) {
		return s
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)              // the platforms are not seen to write & as \u0026
	if err := enc.Encode(s); err != nil { // a string always encodes
		panic(err)
	}
	b := bytes.TrimSpace(out.Bytes())
	return string(b[1 : len(b)-1])
}

// escaped tells whether a letter may be written otherwise in JSON; most texts have none, and cost nothing then.
func escaped(r rune) bool {
	return r < 0x20 || r == '"' || r == '\\' || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

const (
	hexDigits    = "0123456789abcdef"
	base62Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

// appendHex appends n hexadecimal digits drawn from two random numbers.
func appendHex(b []byte, hi, lo uint64, n int) []byte {
	for i := range n {
		r := hi
		if i/16%2 == 1 {
			r = lo
		}
		if i%32 == 0 && i > 0 {
			hi, lo = mix(hi), mix(lo)
			r = hi
		}
		b = append(b, hexDigits[r>>(60-4*uint(i%16))&15])
	}
	return b
}

// appendUUID appends a version 4 UUID made of two random numbers.
func appendUUID(b []byte, hi, lo uint64) []byte {
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	for i := range 32 {
		switch i {
		case 8, 12, 16, 20:
			b = append(b, '-')
		}
		r := hi
		if i >= 16 {
			r = lo
		}
		b = append(b, hexDigits[r>>(60-4*uint(i%16))&15])
	}
	return b
}

// appendKey appends n letters and digits, as platforms use for ids: the form of a nanoid without its punctuation.
func appendKey(b []byte, r uint64, n int) []byte {
	for i := range n {
		if i%10 == 0 {
			r = mix(r)
		}
		b = append(b, base62Digits[r%62])
		r /= 62
	}
	return b
}

// appendDigits appends n decimal digits.
func appendDigits(b []byte, r uint64, n int) []byte {
	for range n {
		b = append(b, byte('0'+r%10))
		r /= 10
	}
	return b
}

// appendKebab appends an escaped title as it stands in a URL: letters and digits of ASCII in lower case, with a hyphen
// for whatever is between them.
func appendKebab(b []byte, title string) []byte {
	start := len(b)
	for i := range len(title) {
		switch c := title[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b = append(b, c)
		case 'A' <= c && c <= 'Z':
			b = append(b, c+'a'-'A')
		case len(b) > start && b[len(b)-1] != '-' && (c == ' ' || c == '-' || c == '/'):
			b = append(b, '-')
		}
	}
	for len(b) > start && b[len(b)-1] == '-' {
		b = b[:len(b)-1]
	}
	return b
}
