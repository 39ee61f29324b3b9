# Two commands do all the set-up: make run, and make test. The rest is for working on the project.

GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# The race detector needs cgo and a C compiler. A machine without them runs the same tests without it, and says so.
RACE = $(shell [ "$$(go env CGO_ENABLED)" = 1 ] && command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

.PHONY: help run build test test-all bench fuzz lint fmt clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Start the mock server, judge its reference receiver against every event, stay up
	./bin/quintain serve --demo

build: ## Build bin/quintain
	go build -o bin/quintain ./cmd/quintain

test: ## Run the tests, with the race detector where there is a C compiler
	@[ -n "$(RACE)" ] || echo "note: no C compiler, so the tests run without the race detector; install gcc to have it"
	go test -timeout 20m $(RACE) ./...
	@echo "note: skipped here are the receivers that others wrote (Debian's webhook, an Express app); .ci/run installs and judges them"

test-all: ## Run everything that CI runs: installs packages with apt-get and npm
	.ci/run

bench: ## Measure what the README claims
	go test -run '^$$' -bench . -benchtime 2s ./contract ./fakes ./mockserver ./mockserver/internal/wire ./features/judge ./cmd/internal/cli

fuzz: ## Fuzz each target for FUZZTIME (default 10s)
	.ci/fuzz $(or $(FUZZTIME),10s)

lint: ## Check style and common mistakes
	go vet ./...
	go run $(GOLANGCI_LINT) run

fmt: ## Format the code
	gofmt -w $$(git ls-files '*.go')

clean: ## Remove what was built
	rm -rf bin reports
