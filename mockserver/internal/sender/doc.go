// Package sender carries out deliveries: it knows when an attempt is due, to which hosts one may be made, and what an
// attempt came to. Start with Local, the engine, and Exchange, one HTTP request.
//
// It decides nothing about a delivery: what counts as success and when the next attempt is due is said by package
// contract, and applied by package community.
package sender
