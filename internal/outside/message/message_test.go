package message_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
)

func FuzzParseAnswer(f *testing.F) {
	f.Add(`{"requestId":"r","messageId":"SIM-1"}`)
	f.Add(`{"requestId":"r","messageId":""}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, body string) {
		id, err := message.ParseAnswer(strings.NewReader(body))
		if err != nil && !errors.Is(err, message.ErrUnavailable) {
			t.Errorf("no fault: %v", err)
		}
		if err == nil && rest.CheckTransaction(id) != nil {
			t.Errorf("taken over: %q", id)
		}
	})
}
