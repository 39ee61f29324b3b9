package signing_test

import _ "github.com/standard-webhooks/standard-webhooks/libraries/go" // the oracle of the scheme that comes next
