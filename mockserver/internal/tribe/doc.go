// Package tribe is the GraphQL admin API of Tribe and Bettermode, as far as it concerns webhooks.
package tribe

import _ "github.com/graph-gophers/graphql-go" // the surface comes next
