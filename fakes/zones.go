package fakes

import (
	"embed"
	"time"
)

// zoneFiles are the time zones of the tables' towns. The machine's own, which another release of the database may have
// made, would make other payloads of the same seed.
//
//go:embed zoneinfo/Africa zoneinfo/America zoneinfo/Asia zoneinfo/Australia zoneinfo/Europe zoneinfo/Pacific
var zoneFiles embed.FS

func mustZone(name string) *time.Location {
	data, err := zoneFiles.ReadFile("zoneinfo/" + name)
	if err != nil { // the files are embedded
		panic(err)
	}
	location, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		panic(err)
	}
	return location
}
