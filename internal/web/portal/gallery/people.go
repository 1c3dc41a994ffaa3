package gallery

import (
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// now stands still, so that a screenshot of today is that of tomorrow.
var now = time.Date(2027, time.March, 14, 5, 20, 0, 0, time.UTC)

const (
	application = "GALLERYGALLERYGALLERY22AAA"
	person      = "홍길동"
	longName    = "김하늘바다별빛나라초롱초롱고운우리강산이" // 20 letters
)

// frameIn is the frame of one who is logged in.
func frameIn(lang string) pages.Frame {
	return pages.Frame{Lang: lang, Path: "/", Now: now, Visitor: &pages.Visitor{Name: person}, IdleSeconds: 600}
}

// outside is the same frame with nobody logged in.
func outside(f pages.Frame) pages.Frame {
	f.Visitor, f.IdleSeconds = nil, 0
	return f
}

func stepIn(f pages.Frame) pages.Step {
	return pages.Step{Frame: f, ID: application, Kind: "personal-bank", ExpiresAt: now.Add(23 * time.Hour)}
}

// certificate is one that ends in so many days; a year long.
func certificate(n int, owner, kind, state string, days int) pages.Certificate {
	end := time.Date(2027, time.March, 14+days, 14, 59, 59, 0, time.UTC)
	start := end.AddDate(-1, 0, 0).Add(time.Second)
	return pages.Certificate{
		Serial: fmt.Sprintf("5c3a91e07f24%04x", 4096+n*37), Kind: kind, Owner: owner, State: state, NotBefore: start, NotAfter: end,
		IssuedAt: start.Add(10 * time.Hour), Subject: "cn=" + owner + "()00010462027031400000" + fmt.Sprint(n) + ",ou=INGAM,ou=personal,o=ingam,c=kr",
		Issuer:      "cn=Ingam CA Class 1,ou=AccreditedCA,o=ingam,c=kr",
		Fingerprint: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Policy:      "2.999.410.1.1.4", Algorithm: "RSA 2048, SHA-256",
	}
}

func changed(c pages.Certificate, reason int) pages.Certificate {
	c.ChangedAt, c.Reason = now.AddDate(0, 0, -3), reason
	return c
}

// many are thirty certificates, as one has who has been a customer for long.
func many() []pages.Certificate {
	all := []pages.Certificate{certificate(0, person, "personal-bank", "valid", 212), certificate(1, person, "personal-general", "valid", 7)}
	for n := 2; n < 30; n++ {
		state, reason := "expired", 0
		if n%5 == 0 {
			state, reason = "revoked", 4
		}
		c := certificate(n, person, []string{"personal-bank", "personal-general"}[n%2], state, -90-160*n)
		if state == "revoked" {
			c.ChangedAt, c.Reason = c.NotAfter.AddDate(0, -2, 0), reason
		}
		all = append(all, c)
	}
	return all
}

func openOnes() []pages.Application {
	return []pages.Application{{ID: application, Kind: "personal-bank", Number: 2, ExpiresAt: now.Add(22 * time.Hour)}}
}

// factors are four, of which so many are proven; locked names one that is
// locked.
func factors(proven int, locked string) []pages.Factor {
	var all []pages.Factor
	for i, name := range []string{"id-card", "account", "otp", "phone"} {
		f := pages.Factor{Name: name, Proven: i < proven, Next: i == proven}
		if f.Proven {
			f.At = now.Add(-time.Duration(10-i) * time.Minute)
		}
		if name == locked {
			f.Locked = now.Add(30 * time.Minute)
		}
		all = append(all, f)
	}
	return all
}
