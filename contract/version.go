package contract

const (
	// Version is the version of this source.
	Version = "0.1.0"
	// UserAgent is what deliveries call themselves: no platform documents its own.
	UserAgent = "Quintain/0.1"
)
