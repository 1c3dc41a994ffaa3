package lifecycle

import (
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Step is what the advisor proposes.
type Step string

// The steps.
const (
	DoNothing          Step = "nothing"
	DoRenew            Step = "renew"
	DoReissue          Step = "reissue"
	DoReissueThenRenew Step = "reissue-then-renew"
	DoResume           Step = "resume"
	DoResumeThenRenew  Step = "resume-then-renew"
	DoIssue            Step = "issue"
	DoVisit            Step = "visit" // the desk that suspended or holds it
	DoWait             Step = "wait"
)

// Advice is what one should do about a certificate, and why. Why names every
// date that counts: nobody is led to a certificate that ends tomorrow without
// hearing so.
type Advice struct {
	Do        Step
	Why       fault.Text
	State     ca.State  // at the moment of the advice; empty without a certificate
	Until     time.Time // its last second; zero without one
	DaysLeft  int       // midnights in Seoul until its last day; negative when over
	RenewFrom time.Time // when renewal opens
	Desk      string    // where it was suspended or is held
	HoldUntil time.Time // when a suspension ends in revocation, if before Until; zero when not suspended or held
}

// Advise says what to do about a certificate; nil is for one who has none.
// keyAtHand is whether its owner has it before them and knows its password.
// renewalDays is the profile's window.
func Advise(r *ca.Record, keyAtHand bool, renewalDays int, now time.Time) Advice {
	if r == nil {
		return Advice{Do: DoIssue, Why: fault.Text{
			KO: "아직 인증서가 없어요. 신분증과 휴대폰이 있으면 5분쯤 걸려요.",
			EN: "You have no certificate yet. With your identity document and phone at hand it takes about five minutes."}}
	}
	a := Advice{State: r.StateAt(now), Until: r.NotAfter, DaysLeft: seoul.DaysUntil(now, r.NotAfter),
		RenewFrom: RenewalOpens(r.NotAfter, renewalDays), Desk: r.Desk}
	if (a.State == ca.Suspended || a.State == ca.Held) && r.HoldUntil.Before(r.NotAfter) {
		a.HoldUntil = r.HoldUntil
	}
	open := !now.Before(a.RenewFrom)
	switch a.State {
	case ca.Pending:
		a.Do = DoWait
	case ca.Suspended, ca.Held:
		a.Do = ofSuspended(r.Desk, keyAtHand, open)
	case ca.Revoked, ca.Expired:
		a.Do = DoIssue
	case ca.Valid:
		a.Do = ofValid(keyAtHand, open)
	}
	a.Why = a.why()
	if !a.HoldUntil.IsZero() {
		ends := longDay(a.HoldUntil)
		a.Why.KO += " " + ends.KO + "이 지나면 폐지되고 되돌릴 수 없어요."
		a.Why.EN += " After " + ends.EN + " it is revoked for good."
	}
	return a
}

func ofSuspended(desk string, keyAtHand, open bool) Step {
	switch {
	case !Online(desk):
		return DoVisit
	case keyAtHand && open:
		return DoResumeThenRenew
	case keyAtHand:
		return DoResume
	case open:
		return DoReissueThenRenew
	}
	return DoReissue
}

func ofValid(keyAtHand, open bool) Step {
	switch {
	case keyAtHand && open:
		return DoRenew
	case keyAtHand:
		return DoNothing
	case open:
		return DoReissueThenRenew
	}
	return DoReissue
}

// why gives the sentence for a step, with its dates.
func (a Advice) why() fault.Text {
	until, from, left := longDay(a.Until), longDay(a.RenewFrom), daysLeft(a.DaysLeft)
	renewed := longDay(RenewedUntil(a.Until, 1))
	say := func(ko, en string) fault.Text { return fault.Text{KO: ko, EN: en} }
	switch a.Do {
	case DoNothing:
		return say("그대로 쓰시면 돼요. "+until.KO+"까지 쓸 수 있고, "+from.KO+"부터 갱신할 수 있어요.",
			"Nothing needs doing. It can be used until "+until.EN+", and renewed from "+from.EN+".")
	case DoRenew:
		return say("갱신하세요. 유효기간이 "+left.KO+"("+until.KO+"까지). 지금 갱신해도 남은 날은 그대로 더해져서 "+renewed.KO+"까지 쓸 수 있어요.",
			"Renew it. It ends "+left.EN+" ("+until.EN+"). Renewing now loses nothing: the days that are left are kept, and it can be used until "+renewed.EN+".")
	case DoReissue:
		return say("재발급을 받으세요. 새 인증서도 지금처럼 "+until.KO+"까지 쓸 수 있고, 예전 인증서는 바로 폐지돼요.",
			"Have it reissued. The new one can be used until "+until.EN+", as the old one could, and the old one is revoked at once.")
	case DoReissueThenRenew:
		return say("재발급을 받고, 이어서 갱신하세요. 재발급만 받으면 유효기간이 "+left.KO+"("+until.KO+"까지). 이어서 갱신하면 "+renewed.KO+"까지 쓸 수 있어요."+lastDay(a.DaysLeft).KO,
			"Have it reissued, then renew it. Reissued alone it ends "+left.EN+" ("+until.EN+"); renewed right after, it can be used until "+renewed.EN+"."+lastDay(a.DaysLeft).EN)
	case DoResume:
		return say("본인확인을 하고 효력을 회복하세요. "+until.KO+"까지 다시 쓸 수 있어요. 다른 사람이 쓸 수 있었다면 회복하지 말고 재발급을 받으세요.",
			"Prove your identity and resume it. It can then be used until "+until.EN+". If somebody else may have used it, have it reissued instead.")
	case DoResumeThenRenew:
		return say("효력을 회복하고, 이어서 갱신하세요. 회복만 하면 유효기간이 "+left.KO+"("+until.KO+"까지). 이어서 갱신하면 "+renewed.KO+"까지 쓸 수 있어요."+lastDay(a.DaysLeft).KO,
			"Resume it, then renew it. Resumed alone it ends "+left.EN+" ("+until.EN+"); renewed right after, it can be used until "+renewed.EN+"."+lastDay(a.DaysLeft).EN)
	case DoIssue:
		if a.State == ca.Revoked {
			return say("폐지된 인증서는 되돌릴 수 없어요. 새로 발급받으세요.", "A revoked certificate can't come back. Apply for a new one.")
		}
		return say("유효기간이 "+until.KO+"에 끝나서 갱신할 수 없어요. 새로 발급받으세요.", "It ended on "+until.EN+" and can't be renewed any more. Apply for a new one.")
	case DoVisit:
		if a.State == ca.Held {
			return say("은행이 확인할 때까지 쓸 수 없어요. 신분증을 가지고 영업점에 오시거나 고객센터로 전화해 주세요. 1588-0000",
				"The bank has put it on hold until something is checked. Please come to a branch with your identity document, or call 1588-0000.")
		}
		return say("온라인에서 정지하지 않은 인증서예요. 정지한 곳에 신분증을 가지고 와 주세요. 고객센터 1588-0000",
			"It was not suspended online. Please go where it was suspended with your identity document. Call centre 1588-0000")
	default:
		return say("인증서가 만들어지고 있어요. 1분쯤 뒤에 다시 봐 주세요.", "The certificate is being made. Please look again in a minute.")
	}
}

// lastDay is said where everything has to be done today.
func lastDay(left int) fault.Text {
	if left > 0 {
		return fault.Text{}
	}
	return fault.Text{KO: " 둘 다 오늘 23:59까지 마쳐야 해요. 늦으면 내일 새로 발급받으시면 돼요.",
		EN: " Both have to be done today until 23:59 (Seoul). If that is too late, apply for a new one tomorrow."}
}

// daysLeft says how long until the last day, as a part of a sentence.
func daysLeft(n int) fault.Text {
	switch n {
	case 0:
		return fault.Text{KO: "오늘 끝나요", EN: "today"}
	case 1:
		return fault.Text{KO: "내일 끝나요", EN: "tomorrow"}
	}
	return fault.Text{KO: strconv.Itoa(n) + "일 남았어요", EN: "in " + strconv.Itoa(n) + " days"}
}

// longDay writes a day as people read it.
func longDay(t time.Time) fault.Text {
	t = t.In(seoul.Zone)
	return fault.Text{
		KO: strconv.Itoa(t.Year()) + "년 " + strconv.Itoa(int(t.Month())) + "월 " + strconv.Itoa(t.Day()) + "일",
		EN: t.Format("2 January 2006"),
	}
}
