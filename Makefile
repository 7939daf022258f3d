# Work on Chandler. Every target has a line of help; `make` alone prints them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TOOL     := go tool -modfile=tools/go.mod
FUZZTIME ?= 30s
ROWS     ?= 1000000
ARGS     ?= --help

.PHONY: help
help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 16

# --- use it

.PHONY: build
build: ## build bin/chandler; needs Go and a C compiler
	@tools/setup.sh build
	go build -o bin/chandler ./cmd/chandler

.PHONY: run
run: build ## build and run it: make run ARGS='invoice list'
	bin/chandler $(ARGS)

.PHONY: demo
demo: build ## bill a month that the program makes up, and show the result
	bin/chandler demo

# --- check it

.PHONY: setup
setup: ## install what the checks need: compilers, PostgreSQL, Java, Python, validators
	@tools/setup.sh checks

.PHONY: test
test: ## run all tests in random order, with the race detector
	go test -race -shuffle=on -timeout=20m ./...

.PHONY: test-fast
test-fast: ## run all tests without the race detector
	go test -shuffle=on ./...

.PHONY: test-pg
test-pg: ## run the records' tests, and fail where PostgreSQL is missing
	CI=true go test -race -shuffle=on ./internal/store/...

.PHONY: einvoice
einvoice: ## judge our UBL by the published EN 16931 and Peppol rules; needs CHANDLER_TESTDATA
	test/einvoice/setup.sh
	CI=true go test -count=1 -run '^TestPublishedRules$$' ./internal/report/ubl

.PHONY: focus
focus: ## judge our FOCUS export by the FinOps Foundation's validator
	test/focus/setup.sh
	CI=true go test -count=1 -run '^TestTheFoundationsValidatorFindsNothing$$' ./internal/report/focus

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME
	@tools/fuzz.sh $(FUZZTIME)

.PHONY: lint
lint: ## run the linters of .golangci.yml
	$(TOOL) golangci-lint run ./...

.PHONY: fmt
fmt: ## format all Go files
	$(TOOL) gofumpt -w cmd internal test

.PHONY: fmt-check
fmt-check: ## fail when a Go file is not formatted
	@unformatted=$$($(TOOL) gofumpt -l cmd internal test); \
	if [ -n "$$unformatted" ]; then printf 'not formatted (make fmt):\n%s\n' "$$unformatted" >&2; exit 1; fi

.PHONY: cover
cover: ## measure what the tests reach
	@mkdir -p .build
	go test -coverpkg=./... -coverprofile=.build/coverage.out ./... | grep -v 'no test files'
	go tool cover -func=.build/coverage.out | tail -n 1

.PHONY: bench
bench: build ## run the benchmarks, then bill ROWS rows and print the ratios
	go test -run '^$$' -bench . -benchmem ./internal/...
	bin/chandler bench bill --rows $(ROWS)

# --- generated files

.PHONY: generate
generate: docs ## write generated code and documents again
	$(TOOL) sqlc generate

.PHONY: docs
docs: ## write docs/cli.md and the list of linked modules again
	go test -count=1 -run '^TestTheCommandReferenceIsFresh$$' ./internal/cli -update
	go test -count=1 -run '^TestTheProgramLinksTheseModules$$' ./internal/arch -update

.PHONY: verify
verify: ## fail when generated code, module files or documents are not fresh
	$(TOOL) sqlc compile -f sqlc.sqlite.yaml
	$(TOOL) sqlc diff
	go mod tidy -diff
	go test -count=1 -run '^TestTheCommandReferenceIsFresh$$' ./internal/cli
	go test -count=1 ./internal/arch
