package fakes

import (
	"sync"
	"time"
	_ "time/tzdata" // for machines that have no time zone database; with one, theirs is used
)

// zones are the time zones of the towns, by name.
var zones = sync.OnceValue(func() map[string]*time.Location {
	out := map[string]*time.Location{}
	for _, town := range towns {
		location, err := time.LoadLocation(town.zone)
		if err != nil { // the database is embedded
			panic(err)
		}
		out[town.zone] = location
	}
	return out
})

func (w *World) zone(name string) *time.Location { return zones()[name] }
