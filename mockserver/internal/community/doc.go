// Package community is the heart of the mock server: a community is a tenant with its platform, seed, clock, webhooks,
// deliveries, journal and inboxes, and nothing in common with another one. Start with NewRegistry, then Registry.Create
// and the methods of Community.
//
// It decides nothing about a delivery (package contract does) and knows neither HTTP routes nor JSON (packages api,
// tryno and tribe do).
package community
