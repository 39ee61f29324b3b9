package script

import (
	"crypto/sha256"
	"encoding/binary"
)

// Roll returns a number from 0 up to, and without, 1 that depends on nothing but its arguments: the seed of a community
// and what tells this draw from its others. Draws are not taken in turn, so that it does not matter in which order
// requests come.
func Roll(seed uint64, what string, numbers ...uint64) float64 {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 64), seed)
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	sum := sha256.Sum256(append(b, what...))
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
}
