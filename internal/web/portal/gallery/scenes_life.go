package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// emergency is a code that opens nothing.
const emergency = "7K3QXW9ZT5MHRBC2"

// advised is a certificate with what had best be done.
func advised(c pages.Certificate, do, why string) pages.Certificate {
	days := int(c.NotAfter.Sub(now).Hours() / 24)
	c.Next = &pages.Advice{Do: do, Why: why, Serial: c.Serial, Kind: c.Kind, End: c.NotAfter, Days: days,
		Then: c.NotAfter.AddDate(1, 0, 0), From: c.NotAfter.AddDate(0, 0, -30)}
	if why == "suspended" {
		c.Next.From = now.AddDate(0, 6, -3)
	}
	return c
}

// lived is a certificate with what happened to it, newest first.
func lived(c pages.Certificate, later ...pages.Event) pages.Certificate {
	c.Events = append(later, pages.Event{What: "issued", At: c.IssuedAt, By: "customer"})
	return c
}

func event(what, by string, daysAgo int) pages.Event {
	return pages.Event{What: what, By: by, At: now.AddDate(0, 0, -daysAgo)}
}

// Certificates of each state, as their pages show them.
func valid() pages.Certificate {
	c := lived(advised(certificate(0, person, "personal-bank", "valid", 212), "nothing", "early"))
	c.Acts = []string{"reissue", "suspend", "revoke", "code"}
	return c
}

func expiring(days int) pages.Certificate {
	c := lived(advised(certificate(1, person, "personal-bank", "valid", days), "renew", "expiring"))
	c.Acts = []string{"renew", "reissue", "suspend", "revoke", "code"}
	return c
}

func suspended() pages.Certificate {
	lost := event("lost", "emergency-code", 3)
	c := lived(advised(changed(certificate(2, person, "personal-bank", "suspended", 150), 6), "resume", "suspended"), lost)
	c.Acts = []string{"resume", "reissue", "revoke"}
	return c
}

func held() pages.Certificate {
	return lived(advised(changed(certificate(3, person, "personal-bank", "held", 364), 6), "wait", "held"), event("held", "bank", 0))
}

func revoked() pages.Certificate {
	e := event("revoked", "desk", 3)
	e.Desk, e.Reason = "종로지점", 1
	return lived(changed(certificate(4, person, "personal-bank", "revoked", 150), 1), e,
		event("resumed", "desk", 40), event("suspended", "customer", 60))
}

func renewed() pages.Certificate {
	c := lived(changed(certificate(5, person, "personal-bank", "revoked", 20), 4), event("replaced", "customer", 3))
	c.ReplacedBy = certificate(0, person, "personal-bank", "valid", 365).Serial
	return c
}

func expired() pages.Certificate {
	return lived(certificate(6, person, "personal-bank", "expired", -40), event("expired", "clock", 40))
}

// lifelong are thirty certificates with all that happened to them.
func lifelong() []pages.Certificate {
	all := many()
	all[0] = valid()
	all[1] = advised(lived(all[1]), "renew", "expiring")
	for i := 2; i < len(all); i++ {
		if all[i].State == "revoked" {
			all[i] = lived(all[i], pages.Event{What: "replaced", By: "customer", At: all[i].ChangedAt})
			continue
		}
		all[i] = lived(all[i], pages.Event{What: "expired", By: "clock", At: all[i].NotAfter})
	}
	return all
}

func lifeScenes() []scene {
	return slicesOf(mineScenes(), adviceScenes(), actScenes(), lostScenes(), noticeScenes(), wayScenes())
}

func mineScenes() []scene {
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
	long := lived(advised(certificate(0, longName, "personal-general", "valid", 7), "renew", "expiring"))
	long.Acts = expiring(7).Acts
	return []scene{
		list("none", "none yet"),
		list("one", "one", valid()),
		list("expiring", "one that ends soon", expiring(7)),
		list("long-name", "an owner's name of 20 letters", long),
		list("over", "only ended ones", expired(), revoked()),
		list("sorts", "each state once", expiring(7), suspended(), held(), valid(), renewed(), revoked(), expired()),
		list("thirty", "thirty", lifelong()...),
		one("valid", "valid", valid()),
		one("long-name", "a name of 20 letters", long),
		one("new", "issued today", lived(certificate(0, person, "personal-bank", "valid", 365))),
		one("expiring", "ends in 7 days", expiring(7)),
		one("tomorrow", "ends tomorrow", expiring(1)),
		one("last-day", "ends tonight", expiring(0)),
		one("expired", "expired", expired()),
		one("held", "on hold", held()),
		one("suspended", "suspended", suspended()),
		one("revoked", "revoked", revoked()),
		one("renewed", "revoked by its renewal", renewed()),
		plain("certificate", "just-suspended", "just suspended", func(f pages.Frame) pages.View {
			f.Path, f.Notice = "/certificates/"+suspended().Serial, "suspended"
			return pages.CertificateView{Frame: f, Certificate: suspended()}
		}),
		plain("code", "plain", "the emergency code", func(f pages.Frame) pages.View {
			return pages.EmergencyCode{Frame: f, Certificate: valid(), Code: emergency}
		}),
		plain("home", "urgent", "a certificate ends soon", func(f pages.Frame) pages.View {
			c := expiring(7)
			return pages.Home{Frame: f, Urgent: &c}
		}),
	}
}

func adviceScenes() []scene {
	say := func(state, title, do, why string, c pages.Certificate) scene {
		return plain("advice", state, title, func(f pages.Frame) pages.View {
			f.Path = "/advice"
			about := advised(c, do, why)
			return pages.Advise{Frame: f, Certificate: &about, Advice: about.Next, Several: true}
		})
	}
	bank := func(state string, days int) pages.Certificate {
		return certificate(0, person, "personal-bank", state, days)
	}
	return []scene{
		plain("advice", "which", "which one", func(f pages.Frame) pages.View {
			f.Path = "/advice"
			return pages.Advise{Frame: f, Certificates: []pages.Certificate{expiring(7), suspended(), held(), expired()}}
		}),
		plain("advice", "have", "key and password", func(f pages.Frame) pages.View {
			f.Path = "/advice"
			c := expiring(7)
			return pages.Advise{Frame: f, Certificate: &c, Several: true}
		}),
		say("renew", "to renew", "renew", "expiring", bank("valid", 7)),
		say("renew-tomorrow", "to renew, for it ends tomorrow", "renew", "expiring", bank("valid", 1)),
		say("renew-today", "to renew, for it ends today", "renew", "expiring", bank("valid", 0)),
		say("reissue", "to get a reissue", "reissue", "key-lost", bank("valid", 212)),
		say("both", "a reissue, then a renewal", "reissue-renew", "key-lost-expiring", bank("valid", 12)),
		say("both-tomorrow", "the same on the last day but one", "reissue-renew", "key-lost-expiring", bank("valid", 1)),
		say("expired", "a new one", "issue", "expired", bank("expired", -40)),
		say("revoked", "a new one after a revocation", "issue", "revoked", changed(bank("revoked", 150), 1)),
		say("resume", "to resume", "resume", "suspended", changed(bank("suspended", 150), 6)),
		say("held", "to wait", "wait", "held", changed(bank("held", 364), 6)),
		say("nothing", "nothing to do", "nothing", "early", bank("valid", 212)),
		plain("advice", "none", "has none yet", func(f pages.Frame) pages.View {
			f.Path = "/advice"
			return pages.Advise{Frame: f, Advice: &pages.Advice{Do: "issue", Why: "none"}}
		}),
	}
}

func actScenes() []scene {
	begin := func(state, title, way string, c pages.Certificate) scene {
		return plain("begin", state, title, func(f pages.Frame) pages.View {
			then := c.NotAfter
			if way == "renew" {
				then = then.AddDate(1, 0, 0)
			}
			return pages.Begin{Frame: f, Way: way, Certificate: c, Then: then, Renewable: c.NotAfter.Before(now.AddDate(0, 0, 31))}
		})
	}
	revoke := func(f pages.Frame) pages.View { return pages.Revoke{Frame: f, Certificate: valid()} }
	return []scene{
		begin("renew", "to renew", "renew", expiring(7)),
		begin("reissue", "to get a reissue", "reissue", valid()),
		begin("reissue-soon", "a reissue that ends soon", "reissue", expiring(7)),
		begin("resume", "to resume", "resume", suspended()),
		plain("suspend", "plain", "asks before", func(f pages.Frame) pages.View {
			return pages.Suspend{Frame: f, Certificate: valid(), Until: now.AddDate(0, 6, 0)}
		}),
		plain("revoke", "plain", "asks before", revoke),
		refused("revoke", "code", "a wrong one-time password", proofing.ErrOTPWrong.With(nil, "left", "4"), "code", func(f pages.Frame) pages.View {
			return pages.Revoke{Frame: f, Certificate: valid(), Reason: "key-compromise", Since: "2027-03-10"}
		}),
		plain("revoke", "suspended", "one that is suspended", func(f pages.Frame) pages.View {
			return pages.Revoke{Frame: f, Certificate: suspended()}
		}),
	}
}

func lostScenes() []scene {
	done := func(f pages.Frame) pages.LostDone {
		f.Path = "/lost/done"
		return pages.LostDone{Frame: f, Kinds: []string{"personal-bank", "personal-general"}, Until: now.AddDate(0, 6, 0), Reissue: "/certificates"}
	}
	return []scene{
		plain("lost", "out", "nobody logged in", func(f pages.Frame) pages.View {
			f.Path = "/lost"
			return pages.Lost{Frame: outside(f)}
		}),
		plain("lost", "in", "logged in", func(f pages.Frame) pages.View {
			f.Path = "/lost"
			return pages.Lost{Frame: f, Certificates: []pages.Certificate{valid(), expiring(7)}}
		}),
		plain("lost", "none", "nothing to suspend", func(f pages.Frame) pages.View { f.Path = "/lost"; return pages.Lost{Frame: f} }),
		plain("lost-done", "out", "suspended by code", func(f pages.Frame) pages.View { return done(outside(f)) }),
		plain("lost-done", "already", "suspended before", func(f pages.Frame) pages.View {
			v := done(f)
			v.Already, v.Kinds = true, nil
			return v
		}),
	}
}

func noticeScenes() []scene {
	told := func(event, channel, state string, days int) pages.Told {
		n := pages.Told{Event: event, Kind: "personal-bank", Channel: channel, State: state, At: now.AddDate(0, 0, -days)}
		if state == "sent" || state == "delivered" {
			n.SentAt = n.At.Add(time.Minute)
		}
		if state == "delivered" {
			n.Delivered = n.At.Add(2 * time.Minute)
		}
		return n
	}
	return []scene{
		plain("notices", "none", "none sent", func(f pages.Frame) pages.View {
			f.Path = "/settings/notices"
			return pages.Notices{Frame: f, Mail: true, Message: true, CanMail: true, CanMessage: true, To: "ko"}
		}),
		plain("notices", "some", "some sent", func(f pages.Frame) pages.View {
			f.Path, f.Notice = "/settings/notices", "notices-saved"
			return pages.Notices{Frame: f, Message: true, CanMessage: true, To: f.Lang, Notices: []pages.Told{
				told("reminder", "message", "delivered", 0), told("reminder", "mail", "sent", 0), told("resumed", "mail", "waiting", 2),
				told("lost", "message", "delivered", 3), told("lost", "mail", "dead", 3), told("issued", "mail", "sent", 300),
			}}
		}),
	}
}

// wayScenes are the pages of an application that is no issue.
func wayScenes() []scene {
	step := func(f pages.Frame, way string) pages.Step {
		s := stepIn(f)
		s.Way, s.Replaces = way, expiring(7).Serial
		return s
	}
	confirm := func(way string) scene {
		return plain("confirm", way, "of a "+way, func(f pages.Frame) pages.View {
			end := expiring(7).NotAfter
			if way == "renew" {
				end = end.AddDate(1, 0, 0)
			}
			return pages.Confirm{Step: step(f, way), Name: person, RomanName: "HONG GILDONG", IdentityNumber: "850314-1●●●●●●",
				Phone: "010-****-0001", End: end, CA: "INGAM", Factors: factors(4, "")}
		})
	}
	done := func(way string) scene {
		return plain("done", way, "of a "+way, func(f pages.Frame) pages.View {
			v := pages.Done{Step: step(f, way), Certificate: certificate(0, person, "personal-bank", "valid", 365)}
			if way != "resume" {
				v.Code = emergency
			}
			return v
		})
	}
	return []scene{
		confirm("renew"), confirm("reissue"), confirm("resume"), done("resume"),
		plain("identity", "renew", "three factors of a renewal", func(f pages.Frame) pages.View {
			return pages.Identity{Step: step(f, "renew"), Factors: factors(4, "")[1:]}
		}),
		plain("home", "open-ways", "a renewal and a resumption in progress", func(f pages.Frame) pages.View {
			open := openOnes()
			renewal, resumption := open[0], open[0]
			renewal.Way, renewal.Number = "renew", 4
			resumption.Way, resumption.Kind, resumption.Number = "resume", "personal-general", 3
			return pages.Home{Frame: f, Open: []pages.Application{renewal, resumption}}
		}),
	}
}
