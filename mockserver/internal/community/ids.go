package community

import (
	crand "crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
)

// An identity derives every id of a community from its seed and id, so that a run can be repeated to the
// byte; its tokens and secrets too, unless they are to be random.
type identity struct {
	seed      uint64
	community string
	random    bool // tokens and secrets
}

func (i identity) sum(kind string, n uint64) [sha256.Size]byte {
	text := append(make([]byte, 0, 128), "quintain\x00"...)
	text = append(append(text, i.community...), 0)
	text = append(append(text, kind...), 0)
	text = binary.BigEndian.AppendUint64(text, i.seed)
	return sha256.Sum256(binary.BigEndian.AppendUint64(text, n))
}

// uuid returns the n-th id of a kind, in the form of a random UUID.
func (i identity) uuid(kind string, n uint64) string {
	b := i.sum(kind, n)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:8], b[0:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:36], b[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// secret returns the bytes of the n-th secret of a kind.
func (i identity) secret(kind string, n uint64) (b [sha256.Size]byte) {
	if !i.random {
		return i.sum(kind, n)
	}
	_, _ = crand.Read(b[:]) // never fails: it ends the program instead
	return b
}

// randomSeed draws a seed that is short enough to be typed again and survives a JSON reader that has only doubles.
func randomSeed() uint64 { return uint64(rand.Uint32()) }
