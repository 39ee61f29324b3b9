package community

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// An identity derives every id, token and secret of a community from its seed and id, so that a run can be repeated to
// the byte. These secrets guard a mock, not a person's data.
type identity struct {
	seed      uint64
	community string
}

func (i identity) sum(kind string, n uint64) [sha256.Size]byte {
	text := fmt.Appendf(nil, "quintain\x00%s\x00%s\x00", i.community, kind)
	text = binary.BigEndian.AppendUint64(text, i.seed)
	return sha256.Sum256(binary.BigEndian.AppendUint64(text, n))
}

// uuid returns the n-th id of a kind, in the form of a random UUID.
func (i identity) uuid(kind string, n uint64) string {
	b := i.sum(kind, n)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// secret returns the n-th secret of a kind: 64 hexadecimal digits.
func (i identity) secret(kind string, n uint64) string {
	b := i.sum(kind, n)
	return hex.EncodeToString(b[:])
}

// randomSeed draws a seed that is short enough to be typed again and survives a JSON reader that has only doubles.
func randomSeed() uint64 { return uint64(rand.Uint32()) }
