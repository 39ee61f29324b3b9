//go:build unix

package wire

import (
	"errors"
	"syscall"
)

// silent reports whether a socket, which does not block, has neither data nor its end to be read. It takes a byte: a
// connection on which there was one is not used again.
func silent(fd uintptr) bool {
	var b [1]byte
	for {
		_, err := syscall.Read(int(fd), b[:])
		if !errors.Is(err, syscall.EINTR) {
			return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK)
		}
	}
}
