package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

var cardLost = fault.Define(9001, "card-lost", fault.Refused,
	fault.Text{KO: "{card} 분실 신고가 되어 있어요.", EN: "This {card} was reported lost."},
	fault.Text{KO: "새 신분증으로 다시 시도해 주세요.", EN: "Please try again with your new one."})

func TestOf(t *testing.T) {
	cause := errors.New("row 7 is locked")
	tests := []struct {
		name  string
		err   error
		want  *fault.Fault
		cause error
	}{
		{"occurrence", cardLost.With(cause), cardLost, cause},
		{"wrapped occurrence", fmt.Errorf("asking: %w", cardLost.With(cause)), cardLost, cause},
		{"bare definition", cardLost, cardLost, nil},
		{"stranger", cause, fault.Unexpected, cause},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := fault.Of(test.err)
			if got.Fault != test.want {
				t.Errorf("Of gave %v, want %v", got.Name, test.want.Name)
			}
			if test.cause != nil && !errors.Is(got, test.cause) {
				t.Errorf("the cause %v was lost", test.cause)
			}
			if !errors.Is(got, test.want) {
				t.Error("an occurrence is not errors.Is its definition")
			}
		})
	}
	if fault.Of(nil) != nil {
		t.Error("Of(nil) is not nil")
	}
}

// A parameter that is a word for programs is read by people in their language,
// and stays what it is for programs.
func TestWord(t *testing.T) {
	e := cardLost.With(nil, "card", "licence").Word("card", fault.Text{KO: "운전면허증", EN: "driver's licence"})
	for lang, word := range map[string]string{"ko": "운전면허증", "en": "driver's licence"} {
		if what, todo := e.Public(lang); !strings.Contains(what+todo, word) || strings.Contains(what+todo, "{card}") {
			t.Errorf("%s: %q %q", lang, what, todo)
		}
	}
	if e.Params["card"] != "licence" {
		t.Errorf("programs get %q", e.Params["card"])
	}
	if bare := cardLost.With(nil).Word("card", fault.Text{KO: "여권", EN: "passport"}); bare.Params == nil {
		t.Error("a word without a parameter is lost")
	}
}

func TestPublicHidesCause(t *testing.T) {
	e := cardLost.With(errors.New("secret of the cause"), "card", "운전면허증").After(time.Minute)
	for _, lang := range []string{"ko", "en-GB", ""} {
		what, todo := e.Public(lang)
		if what == "" || todo == "" {
			t.Errorf("%q: a text is empty", lang)
		}
		if strings.Contains(what+todo, "secret") {
			t.Errorf("%q: the public text holds the cause", lang)
		}
		if !strings.Contains(what, "운전면허증") || strings.Contains(what, "{") {
			t.Errorf("%q: the parameter was not filled: %s", lang, what)
		}
	}
	if e.Retry != time.Minute {
		t.Errorf("Retry is %v", e.Retry)
	}
}

func TestKindsHaveDistinctMeaning(t *testing.T) {
	names := map[string]fault.Kind{}
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if kind.String() == "" || kind.Status() < 400 || kind.Status() > 599 {
			t.Errorf("kind %d is not in the table", kind)
		}
		if kind.Exit() < 1 || kind.Exit() == 2 || kind.Exit() > 125 {
			t.Errorf("kind %s has exit code %d", kind, kind.Exit())
		}
		if other, dup := names[kind.String()]; dup {
			t.Errorf("kinds %d and %d have the same name", kind, other)
		}
		names[kind.String()] = kind
	}
}
