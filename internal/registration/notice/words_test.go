package notice_test

import (
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// What those who act write into the facts has its words here: a mail says by
// whom and why.
func TestFactsOfTheHouseAreWorded(t *testing.T) {
	t.Parallel()
	mail := func(facts map[string]string) string {
		e := notice.Entry{Channel: notice.Mail, Notice: told("k", "s1", notice.Revoked)}
		e.Facts = facts
		return notice.Compose(e, "ko", notice.Letterhead{Bank: "인감은행", URL: "https://bank.example"}, noon).Body
	}
	for _, reason := range []ca.Reason{ca.KeyCompromise, ca.AffiliationChanged, ca.Superseded, ca.Cessation, ca.OnHold, ca.PrivilegeWithdrawn} {
		if text := mail(map[string]string{"reason": reason.String()}); !strings.Contains(text, "사유: ") {
			t.Errorf("%s has no words:\n%s", reason, text)
		}
	}
	for _, by := range []lifecycle.By{lifecycle.ByCustomer, lifecycle.ByCode, lifecycle.ByDesk, lifecycle.ByBank, lifecycle.ByClock} {
		if text := mail(map[string]string{"by": string(by)}); !strings.Contains(text, "처리: ") {
			t.Errorf("%s has no words:\n%s", by, text)
		}
	}
	if text := mail(map[string]string{"until": "0001-01-01", "reason": "unspecified"}); strings.Contains(text, "사유: ") {
		t.Errorf("%s", text)
	}
	e := notice.Entry{Channel: notice.Mail, Notice: told("k", "s1", notice.Suspended)}
	e.Facts = map[string]string{"until": "0001-01-01"} // of a time that nobody set
	if text := notice.Compose(e, "ko", notice.Letterhead{}, noon).Body; strings.Contains(text, "기한") {
		t.Errorf("%s", text)
	}
}
