// Package api holds the description of ingam's HTTP API, openapi.yaml, from
// which the server's interface and the Go client are generated. Change the
// description first, then run go generate ./api.
package api

import _ "embed"

//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config server.codegen.yaml openapi.yaml
//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config client.codegen.yaml openapi.yaml
//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config models.codegen.yaml openapi.yaml

// OpenAPI is the description, OpenAPI 3.1 in YAML.
//
//go:embed openapi.yaml
var OpenAPI []byte
