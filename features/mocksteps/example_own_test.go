package mocksteps_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"sync/atomic"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/features/mocksteps"
)

// Steps of one's own next to those of both packages: the mock plays the platform, package judge attacks the receiver,
// and the suite's own steps look at what the receiver did. godog calls the initializer for each scenario, so that each
// has a shop of its own and scenarios may run at once.
func Example() {
	const secret = "s3cret"
	tribe, err := contract.Load("tribe")
	if err != nil {
		panic(err)
	}
	feature := `Feature: The shop welcomes members
  Scenario: a member is welcomed once, though the delivery comes twice
    Given the shop is open
    And a community of tribe
    And the secret "s3cret"
    And a webhook to "the shop" for member.created
    When member.created happens
    And the delivery is redelivered
    Then the shop has welcomed 1 member

  Scenario: the shop rejects forged deliveries
    Given the shop is open
    And a receiver of tribe that acknowledges what is correctly signed
    When every event is delivered signed with a wrong secret
    Then none of them is accepted
    And a good delivery after them is acknowledged
`
	code := godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			var welcomed atomic.Int64
			shop := httptest.NewServer(reference.New(tribe, secret, reference.OnEvent(func(e reference.Event) {
				if !e.Duplicate {
					welcomed.Add(1)
				}
			})))
			sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
				shop.Close()
				return ctx, nil
			})
			sc.Given(`^the shop is open$`, func() error { return nil })
			sc.Then(`^the shop has welcomed (\d+) members?$`, func(want int64) error {
				if got := welcomed.Load(); got != want {
					return fmt.Errorf("the shop has welcomed %d members", got)
				}
				return nil
			})
			judge.Steps(sc, judge.Receiver{URL: shop.URL, Platform: tribe, Secret: secret})
			mocksteps.Register(sc, mocksteps.Mock{Receivers: map[string]string{"the shop": shop.URL}})
		},
		Options: &godog.Options{
			Format: "pretty", Output: io.Discard, Strict: true, Concurrency: 4, Randomize: -1,
			FeatureContents: []godog.Feature{{Name: "shop.feature", Contents: []byte(feature)}},
		},
	}.Run()
	fmt.Println(code)
	// Output: 0
}
