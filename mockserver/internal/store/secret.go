package store

import "log/slog"

// Secret is a string that shows itself to nobody but the caller of Reveal: it prints, logs and encodes as a
// placeholder.
type Secret string

const hidden = "[secret]"

// Reveal returns the secret.
func (s Secret) Reveal() string { return string(s) }

// String returns a placeholder.
func (s Secret) String() string { return hidden }

// GoString returns a placeholder, for %#v.
func (s Secret) GoString() string { return hidden }

// MarshalText returns a placeholder, for JSON and others.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue returns a placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
