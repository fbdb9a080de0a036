# The few commands one types often. Everything works with plain go as well.
.PHONY: build test demo check fuzz

build: ## one static binary, ./dsbuild
	CGO_ENABLED=0 go build -trimpath -o dsbuild ./cmd/dsbuild

test: ## all tests
	go test ./...

demo: ## the whole line, offline
	go run ./cmd/dsbuild demo

check: ## everything that must hold before a change lands
	.ci/run

fuzz: ## every parser, for a minute each
	.ci/fuzz
