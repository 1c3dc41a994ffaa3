package main

import (
	"testing"

	"github.com/ingam-pki/ingam/client"
)

// What the wallet calls an identity document is what the bank calls it.
func TestDocumentsAreTheBanks(t *testing.T) {
	for _, name := range documents {
		if !client.Document(name).Valid() {
			t.Errorf("the bank knows no document %q", name)
		}
		if documentTexts[name].KO == "" || documentTexts[name].EN == "" {
			t.Errorf("document %q has no name in a language", name)
		}
	}
}
