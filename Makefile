# ingam: two commands matter. `make run` starts the demo bank, `make test`
# installs what tests need and runs them all. `make help` lists the rest.

SHELL     := /bin/bash
GO        ?= go
FUZZTIME  ?= 1m
STORY     ?= bin/story
DEMO_DATA ?= demo-data
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
export PATH := $(CURDIR)/bin/tools/node_modules/.bin:$(CURDIR)/bin/tools/node/bin:$(PATH)
GOLANGCI  := bin/golangci-lint
LDFLAGS   := -s -w -X main.version=$(VERSION)

.PHONY: help run build deps test unit check web webcheck story peers browser screens lighthouse attacks faults lint fuzz soak bench generate clean

help: ## lists the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## starts the demo bank on http://127.0.0.1:8480
	bin/ingamd demo --data $(DEMO_DATA)

build: ## builds bin/ingamd and bin/ingam
	@mkdir -p bin
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

deps: ## installs what the tests need (Debian, Ubuntu), saying what
	test/install.sh
	cd tools && $(GO) build -o ../bin/oapi-codegen github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen

test: deps build check lint webcheck unit story peers browser ## installs what tests need and runs everything
	@echo "make test: everything passed"

check: ## formatting and go vet
	@out=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$out" ]; then echo "not formatted by gofmt: $$out"; exit 1; fi
	$(GO) vet ./...

unit: ## runs all Go tests: units, scenarios, attacks, faults
	$(GO) test ./...

web: ## builds what browsers get: the wallet library and the portal's elements
	npm run build

webcheck: ## types, tests and freshness of what browsers get
	npm run check
	npm run test -w sdk -w internal/web/elements
	test/fresh.sh

browser: build ## drives the demo bank in Chromium, as customers would
	npm run test -w test/browser

lighthouse: build ## Lighthouse's word on home, issue and wallet, as a phone
	node bench/pages/lighthouse.mjs

screens: ## pictures of all pages and states, in bin/screens
	node test/browser/screens.mjs bin/screens

story: build ## tells the whole story headless; files in $(STORY)
	rm -rf $(STORY)
	bin/ingamd demo --story --out $(STORY)

peers: build ## lets OpenSSL and Bouncy Castle judge what we made, and us what they made
	test/peers/run.sh

attacks: ## tries to get in where one should not
	$(GO) test -count=1 -v ./test/attacks

faults: ## kill -9 at each step of issuing, on both engines
	$(GO) test -count=1 -v ./test/faults

lint: $(GOLANGCI) ## runs golangci-lint
	$(GOLANGCI) run ./...

$(GOLANGCI): tools/go.mod
	cd tools && $(GO) build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

generate: ## makes the API's server and client from api/openapi.yaml anew
	$(GO) generate ./api/... ./client/... ./internal/web/...

fuzz: ## runs each fuzz target for FUZZTIME
	test/fuzz.sh $(FUZZTIME)

bench: build ## issuing, lives, the counter, formats, pages and crypto in the browser, as ratios within one run
	$(GO) run ./bench/issuing
	$(GO) run ./bench/life -n 100000
	$(GO) run ./bench/status -rows 10000,500000
	$(GO) run ./bench/counter -rows 5000,500000
	$(GO) run ./bench/forms
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./pki/...
	node bench/pages/bench.mjs

clean: ## removes what was built
	rm -rf bin
