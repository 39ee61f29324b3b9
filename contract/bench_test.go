package contract_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// The whole of a document, from its bytes. Load does this once in a process and then keeps it.
func BenchmarkParse(b *testing.B) {
	for _, name := range contract.Names() {
		file := "platforms/" + name + ".yaml"
		src, err := os.ReadFile(file)
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := contract.Parse(file, src, "")
				require.NoError(b, err)
			}
		})
	}
}

// From the bytes of a body to the verdict; the schema is compiled before.
func BenchmarkValidate(b *testing.B) {
	for _, name := range [][2]string{{"mighty", "EventCreated"}, {"tribe", "member.created"}} {
		platform, err := contract.Load(name[0])
		require.NoError(b, err)
		event, err := platform.Event(name[1])
		require.NoError(b, err)
		example, err := event.Example()
		require.NoError(b, err)
		require.NoError(b, event.Validate(example.Body))
		b.Run(name[1], func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, event.Validate(example.Body))
			}
		})
	}
}
