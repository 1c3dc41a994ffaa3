package gallery

import (
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// emergency is a code that opens nothing.
const emergency = "7K3QXW9ZT5MHRBC2"

// advised are certificates with what had best be done about each that is not
// over, as the advisor says it.
func advised(f pages.Frame, all ...pages.Certificate) []pages.Certificate {
	told := slices.Clone(all)
	for i, c := range told {
		if c.State != string(ca.Revoked) && c.State != string(ca.Expired) {
			desk := lifecycle.DeskOnline
			if c.State == string(ca.Held) {
				desk = lifecycle.DeskBank
			}
			told[i].Next = advice(f, c, desk, true)
		}
	}
	return told
}

func advice(f pages.Frame, c pages.Certificate, desk string, keyAtHand bool) *pages.Advice {
	a := lifecycle.Advise(&ca.Record{State: ca.State(c.State), NotAfter: c.NotAfter, Desk: desk}, keyAtHand, 30, now)
	return &pages.Advice{Do: string(a.Do), Why: a.Why.In(f.Lang), Serial: c.Serial, Days: a.DaysLeft,
		Ends: a.DaysLeft <= 1 && a.Do != lifecycle.DoIssue, Renewed: lifecycle.RenewedUntil(c.NotAfter, 1)}
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
	c := lived(certificate(0, person, "personal-bank", "valid", 212))
	c.Acts = []string{"reissue", "suspend", "revoke", "code"}
	return c
}

func expiring(days int) pages.Certificate {
	c := lived(certificate(1, person, "personal-bank", "valid", days))
	c.Acts = []string{"renew", "reissue", "suspend", "revoke", "code"}
	return c
}

func suspended() pages.Certificate {
	lost := event("lost", "emergency-code", 3)
	c := lived(changed(certificate(2, person, "personal-bank", "suspended", 150), 6), lost)
	c.Acts = []string{"resume", "reissue", "revoke"}
	return c
}

func held() pages.Certificate {
	return lived(changed(certificate(3, person, "personal-bank", "held", 364), 6), event("held", "bank", 0))
}

func revoked() pages.Certificate {
	e := event("revoked", "desk", 3)
	e.Desk, e.Reason = "012", 1
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
	all[1] = lived(all[1])
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
			return pages.Certificates{Frame: f, Certificates: advised(f, all...)}
		})
	}
	one := func(state, title string, c pages.Certificate) scene {
		return plain("certificate", state, title, func(f pages.Frame) pages.View {
			f.Path = "/certificates/" + c.Serial
			return pages.CertificateView{Frame: f, Certificate: advised(f, c)[0]}
		})
	}
	long := lived(certificate(0, longName, "personal-general", "valid", 7))
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
			return pages.CertificateView{Frame: f, Certificate: advised(f, suspended())[0]}
		}),
		plain("code", "plain", "the emergency code", func(f pages.Frame) pages.View {
			return pages.EmergencyCode{Frame: f, Certificate: valid(), Code: emergency}
		}),
		plain("home", "urgent", "a certificate ends soon", func(f pages.Frame) pages.View {
			return pages.Home{Frame: f, Urgent: &advised(f, expiring(7))[0]}
		}),
	}
}

func adviceScenes() []scene {
	say := func(state, title string, c pages.Certificate, desk string, keyAtHand bool) scene {
		return plain("advice", state, title, func(f pages.Frame) pages.View {
			f.Path = "/advice"
			return pages.Advise{Frame: f, Certificate: &c, Advice: advice(f, c, desk, keyAtHand), Several: true}
		})
	}
	bank := func(state string, days int) pages.Certificate {
		return certificate(0, person, "personal-bank", state, days)
	}
	stopped := func(days int) pages.Certificate { return changed(bank("suspended", days), 6) }
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
		say("renew", "to renew", bank("valid", 7), "", true),
		say("renew-tomorrow", "to renew, for it ends tomorrow", bank("valid", 1), "", true),
		say("renew-today", "to renew, for it ends today", bank("valid", 0), "", true),
		say("reissue", "to get a reissue", bank("valid", 212), "", false),
		say("both", "a reissue, then a renewal", bank("valid", 12), "", false),
		say("both-today", "the same on the last day", bank("valid", 0), "", false),
		say("expired", "a new one", bank("expired", -40), "", true),
		say("revoked", "a new one after a revocation", changed(bank("revoked", 150), 1), "", true),
		say("resume", "to resume", stopped(150), lifecycle.DeskOnline, true),
		say("resume-renew", "to resume, then renew", stopped(12), lifecycle.DeskOnline, true),
		say("visit", "suspended at a branch", stopped(150), lifecycle.Branch("012"), true),
		say("held", "on hold", changed(bank("held", 364), 6), ca.DeskBank, true),
		say("nothing", "nothing to do", bank("valid", 212), "", true),
		plain("advice", "none", "has none yet", func(f pages.Frame) pages.View {
			f.Path = "/advice"
			a := lifecycle.Advise(nil, false, 30, now)
			return pages.Advise{Frame: f, Advice: &pages.Advice{Do: string(a.Do), Why: a.Why.In(f.Lang)}}
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
		plain("lost-done", "stopped", "an application was stopped", func(f pages.Frame) pages.View {
			v := done(f)
			v.Already, v.Stopped, v.Until, v.Kinds = true, true, time.Time{}, nil
			return v
		}),
		plain("lost-done", "none", "nothing was there", func(f pages.Frame) pages.View {
			v := done(f)
			v.Already, v.Until, v.Kinds = true, time.Time{}, nil
			return v
		}),
		plain("lost-done", "already", "suspended before", func(f pages.Frame) pages.View {
			v := done(f)
			v.Already, v.Until = true, time.Time{}
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
			resumption.Way, resumption.Kind, resumption.Number = "resume", "personal-general", 2
			return pages.Home{Frame: f, Open: []pages.Application{renewal, resumption}}
		}),
	}
}
