package payload

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// DifficultTexts are texts that people do write, and that receivers trip over.
var DifficultTexts = sync.OnceValue(func() []struct {
	Name string
	Text string
	One  bool
} {
	return []struct {
		Name, Text string
		One        bool // into one text at a time: in all of them it would be about the size of the payload
	}{
		{"emoji", "Zoë 🎉👩‍👩‍👧‍👦🏳️‍🌈", false},
		{"right-to-left text", "\u202bمرحبا بالعالم\u202c \u200fשלום\u200f", false},
		{"combining marks", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", false},
		{"4-byte characters", "𝕼𝖚𝖎𝖓𝖙𝖆𝖎𝖓 𠜎𠜱𠝹𠱓 𓀀𓁐", false},
		{"zero-width characters", "zero\u200bwidth\u200cjoin\u200d\u2060\ufeffed", false},
		{"HTML", `<script>alert("1")</script><b>&amp;</b>`, false},
		{"newlines and tabs", "first line\nsecond line\r\n\tindented", false},
		{"quotes and backslashes", `"quoted" 'single' \back\slash \u0041 %s %00 ${x} {{y}}`, false},
		{"a name of 10 kB", strings.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 285), true},
	}
})

// Quote writes a text as JSON, all characters as themselves that may be.
func Quote(text string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil { // a string always encodes
		panic(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// OtherThan returns a secret of the same length that differs in every character.
func OtherThan(secret string) string {
	return strings.Map(func(r rune) rune {
		if r == 'x' {
			return 'y'
		}
		return 'x'
	}, secret)
}
