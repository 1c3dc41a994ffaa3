package gallery

import "github.com/ingam-pki/ingam/internal/web/portal/pages"

func certificateScenes() []scene {
	list := func(state, title string, all ...pages.Certificate) scene {
		return plain("certificates", state, title, func(f pages.Frame) pages.View {
			f.Path = "/certificates"
			return pages.Certificates{Frame: f, Certificates: all}
		})
	}
	one := func(state, title string, c pages.Certificate) scene {
		return plain("certificate", state, title, func(f pages.Frame) pages.View {
			f.Path = "/certificates/" + c.Serial
			return pages.CertificateView{Frame: f, Certificate: c}
		})
	}
	return []scene{
		list("none", "none yet"),
		list("one", "one", certificate(0, person, "personal-bank", "valid", 212)),
		list("thirty", "thirty", many()...),
		one("valid", "valid", certificate(0, person, "personal-bank", "valid", 212)),
		one("long-name", "a name of 20 letters", certificate(0, longName, "personal-general", "valid", 300)),
		one("new", "issued today", certificate(0, person, "personal-bank", "valid", 365)),
		one("expiring", "ends in 7 days", certificate(0, person, "personal-bank", "valid", 7)),
		one("last-day", "ends tonight", certificate(0, person, "personal-bank", "valid", 0)),
		one("expired", "expired", certificate(0, person, "personal-bank", "expired", -40)),
		one("held", "on hold", changed(certificate(0, person, "personal-bank", "held", 364), 6)),
		one("suspended", "suspended", changed(certificate(0, person, "personal-bank", "suspended", 150), 6)),
		one("revoked", "revoked", changed(certificate(0, person, "personal-bank", "revoked", 150), 1)),
	}
}
