package mocksteps_test

import (
	"fmt"
	"io"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/features/mocksteps"
)

// A suite of one's own with the steps over the mock. In a test, godog.Options has TestingT and Paths too. More features
// are in testdata.
func ExampleRegister() {
	feature := `Feature: A shop that is down for a while gets its events all the same
  Scenario: five retries, and then no more
    Given a community of ambassify
    And an inbox "shop" that answers "503"
    And a webhook to the inbox "shop"
    When campaign.created happens
    And everything settles
    Then the attempts came at "0s, 5s, 5m5s, 35m5s, 2h35m5s, 7h35m5s"
    And the delivery is exhausted after 6 attempts
`
	code := godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) { mocksteps.Register(sc, mocksteps.Mock{}) },
		Options: &godog.Options{
			Format: "pretty", Output: io.Discard, Strict: true, Concurrency: 4, Randomize: -1,
			FeatureContents: []godog.Feature{{Name: "shop.feature", Contents: []byte(feature)}},
		},
	}.Run()
	fmt.Println(code)
	// Output: 0
}
