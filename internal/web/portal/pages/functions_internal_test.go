package pages

import (
	"io/fs"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestSpan: days are Korean days, whatever the hour; the last one is day 0.
func TestSpan(t *testing.T) {
	t.Parallel()
	c := Certificate{State: "valid", NotBefore: at(t, "2026-03-15T00:00:00+09:00"), NotAfter: at(t, "2027-03-14T23:59:59+09:00")}
	tests := []struct {
		name, now string
		state     string
		want      span
	}{
		{"on its first day", "2026-03-15T00:00:00+09:00", "valid", span{Days: 364, Gone: "0%", Shown: "valid"}},
		{"before it", "2026-03-14T12:00:00+09:00", "valid", span{Days: 365, Gone: "0%", Shown: "valid"}},
		{"half a year", "2026-09-13T12:00:00+09:00", "valid", span{Days: 182, Gone: "50%", Shown: "valid"}},
		{"31 days left", "2027-02-11T23:59:00+09:00", "valid", span{Days: 31, Gone: "91.5%", Shown: "valid"}},
		{"30 days left", "2027-02-12T00:01:00+09:00", "valid", span{Days: 30, Gone: "91.5%", Shown: "expiring"}},
		{"in UTC still the day before", "2027-03-13T15:30:00Z", "valid", span{Days: 0, Gone: "99.7%", Shown: "expiring"}},
		{"its last second", "2027-03-14T23:59:59+09:00", "valid", span{Days: 0, Gone: "100%", Shown: "expired", Ended: true}},
		{"long over", "2028-01-01T00:00:00+09:00", "expired", span{Days: -293, Gone: "100%", Shown: "expired", Ended: true}},
		{"suspended near its end", "2027-03-10T00:00:00+09:00", "suspended", span{Days: 4, Gone: "98.6%", Shown: "suspended"}},
		{"revoked and over", "2028-01-01T00:00:00+09:00", "revoked", span{Days: -293, Gone: "100%", Shown: "revoked", Ended: true}},
	}
	for _, test := range tests {
		c.State = test.state
		if got := spanOf(c, at(t, test.now)); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
	if got := spanOf(Certificate{State: "valid"}, time.Time{}); got.Gone != "" {
		t.Errorf("a certificate without dates has gone %q of its year", got.Gone)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{bare("혜택 안내 (선택)"), "혜택 안내"}, {bare("Offers (optional)"), "Offers"}, {bare("약관"), "약관"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// TestPath: the forms for language and look come back to a page of ours.
func TestPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/apply": "/apply", "/login?next=/apply": "/login?next=/apply", "": "/",
		"//elsewhere.example": "/", "https://elsewhere.example": "/"} {
		if got := (dressed{F: Frame{Path: path}}).Path(); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

// TestIcons: a name without a drawing shows nothing.
func TestIcons(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`\bicon "([a-z-]+)"`)
	files, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"id-card", "account", "otp", "phone", "danger", "warning", "success", "info"} // by variables
	for _, file := range append(files, "templates/parts/page.html", "templates/parts/parts.html") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			names = append(names, m[1])
		}
	}
	for _, name := range names {
		if !sheets.HasIcon(name) {
			t.Errorf("there is no icon %s", name)
		}
	}
}
