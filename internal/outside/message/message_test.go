package message_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
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

func FuzzParseReceipt(f *testing.F) {
	f.Add(`{"requestId":"r","messageId":"SIM-1","state":"delivered","at":"2027-03-14T06:04:00Z"}`)
	f.Add(`{"requestId":"r","messageId":"SIM-1","state":"accepted"}`)
	f.Add(`{"requestId":"r","messageId":"SIM-1","state":"failed","at":"soon"}`)
	f.Add(`{"messageId":"SIM-2","state":"delivered","at":"2027-03-14T06:04:00Z"}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := message.ParseReceipt(strings.NewReader(body), "SIM-1")
		var failure *notice.Failure
		if err != nil && (!errors.As(err, &failure) || failure.Permanent) {
			t.Errorf("an answer that can't be read gives up on a message: %v", err)
		}
		if err == nil && (r.Arrival != notice.OnItsWay) == r.At.IsZero() {
			t.Errorf("taken over: %+v", r)
		}
	})
}

// A message that is sent again under its key arrives once, and its receipt says
// when.
func TestSendOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 3, 14, 6, 4, 0, 0, time.UTC)
	world := simulator.New(func() time.Time { return at })
	web := httptest.NewServer(world.Handler())
	defer web.Close()
	c := message.Client{Client: rest.Client{Base: web.URL}}
	first, err := c.SendOnce(t.Context(), "KEY-1", "01000000001", "안녕하세요")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"KEY-1", "KEY-2"} {
		id, err := c.SendOnce(t.Context(), key, "01000000001", "안녕하세요")
		if err != nil || (id == first) != (key == "KEY-1") {
			t.Errorf("under %s: %s, %v", key, id, err)
		}
	}
	if n := len(world.Inbox("01000000001")); n != 2 {
		t.Errorf("%d messages arrived, want 2", n)
	}
	if r, err := c.Receipt(t.Context(), first); err != nil || r != (notice.Receipt{Arrival: notice.Arrived, At: at}) {
		t.Errorf("receipt %+v, %v", r, err)
	}
	for name, err := range map[string]error{
		"no key":              second(c.SendOnce(t.Context(), "", "01000000001", "x")),
		"a key of two lines":  second(c.SendOnce(t.Context(), "a\nb", "01000000001", "x")),
		"no number":           second(c.SendOnce(t.Context(), "k", "", "x")),
		"an unknown message":  second(c.Receipt(t.Context(), "SIM-0")),
		"a number with paths": second(c.Receipt(t.Context(), "../../simulator/v1/samples")),
	} {
		var failure *notice.Failure
		if !errors.As(err, &failure) || failure.Permanent != (name == "no number") || strings.Contains(err.Error(), "0100") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
