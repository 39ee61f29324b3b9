# Two commands do all the set-up: make run, and make test. The rest is for working on the project.

GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help run build test test-all soak bench fuzz lint fmt clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Check the built-in receivers against every event, and keep a mock server running
	@echo "Compiling. The first time, this takes about a minute."
	@$(MAKE) -s build
	@echo 'Compiled. To use quintain in another terminal, type there: export PATH=$(CURDIR)/bin:$$PATH'
	@./bin/quintain serve --demo

build: ## Build bin/quintain
	go build -o bin/quintain ./cmd/quintain

test: ## Run the tests in about two minutes: short tables, the race detector where goroutines meet
	@.ci/test

test-all: ## Run everything that CI runs: installs packages with apt-get and npm
	.ci/run

soak: ## Print the figures that take longer than a test: verdicts of all mutants twice, benchmarks
	.ci/soak

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
