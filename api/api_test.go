package api_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGeneratedIsFresh generates server and client once more and compares. The
// generator is a module of its own (tools/), which make deps brings.
func TestGeneratedIsFresh(t *testing.T) {
	t.Parallel()
	tool := filepath.Join(t.TempDir(), "oapi-codegen")
	build := exec.Command("go", "build", "-o", tool, "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen")
	build.Dir = "../tools"
	build.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the generator is not here: run make deps: %v\n%s", err, out)
	}
	for config, file := range map[string]string{
		"server.codegen.yaml": "../internal/web/api/api.gen.go",
		"client.codegen.yaml": "../client/internal/rest/rest.gen.go",
		"models.codegen.yaml": "../client/models.gen.go",
	} {
		committed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "fresh.go")
		text, err := os.ReadFile(config)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := filepath.Join(t.TempDir(), config)
		// The overlay is named from the folder that the tool runs in: this one.
		if err := os.WriteFile(elsewhere, []byte(strings.Replace(string(text), "output: "+file, "output: "+out, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if answer, err := exec.Command(tool, "-config", elsewhere, "openapi.yaml").CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", config, err, answer)
		}
		fresh, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(committed), string(fresh)); diff != "" {
			t.Errorf("%s is stale: run go generate ./api\n%s", file, diff)
		}
	}
}
