package store_test

import (
	"testing"

	"github.com/ingam-pki/ingam/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, engine.Fresh)
		})
	}
}
