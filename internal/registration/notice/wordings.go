package notice

import "github.com/ingam-pki/ingam/internal/fault"

// wording is what is said of an event. {kind}, {tail}, {left} and {until} are
// filled in; {left} and {until} stand in reminders only.
type wording struct {
	title fault.Text // a mail's subject, after the bank's name
	what  fault.Text // what happened, in a sentence
	next  fault.Text // what to do now; a mail's second paragraph
	until fault.Text // what the fact "until" means; empty when it has no meaning
	also  fault.Text // what a message says besides
	clock bool       // nobody did it: time did
}

// wordings holds the texts of every event. The rest (when, which certificate,
// what to do if it wasn't you) is the same for all of them: text.go.
var wordings = map[Event]wording{
	Issued: {
		title: fault.Text{KO: "인증서를 발급했어요", EN: "Your certificate is issued"},
		what:  fault.Text{KO: "새 {kind}를 발급했어요.", EN: "A new {kind} was issued to you."},
		next:  fault.Text{KO: "인증서 비밀번호는 은행도 몰라요. 누구에게도 알려 주지 마세요.", EN: "Its password is known to nobody but you, not even to the bank. Never tell it to anyone."},
		until: validUntil,
	},
	Renewed: {
		title: fault.Text{KO: "인증서를 갱신했어요", EN: "Your certificate is renewed"},
		what:  fault.Text{KO: "{kind}를 갱신했어요. 남아 있던 기간은 그대로 이어져요.", EN: "Your {kind} was renewed. The time that was left is added to the new one."},
		next:  fault.Text{KO: "이제부터 새 인증서를 쓰세요. 전에 쓰던 인증서는 더 쓸 수 없어요.", EN: "Please use the new one from now on. The one before can't be used any more."},
		until: validUntil,
	},
	Reissued: {
		title: fault.Text{KO: "인증서를 재발급했어요", EN: "Your certificate is reissued"},
		what:  fault.Text{KO: "{kind}를 재발급했어요. 만료일은 그대로예요.", EN: "Your {kind} was reissued. It ends on the same day as the one before."},
		next:  fault.Text{KO: "이제부터 새 인증서를 쓰세요. 전에 쓰던 인증서는 폐지했어요.", EN: "Please use the new one from now on. The one before is revoked."},
		until: validUntil,
	},
	Suspended: {
		title: fault.Text{KO: "인증서를 효력정지했어요", EN: "Your certificate is suspended"},
		what:  fault.Text{KO: "{kind}의 효력을 정지했어요. 지금은 쓸 수 없어요.", EN: "Your {kind} was suspended. It can't be used for now."},
		next:  fault.Text{KO: "다시 쓰려면 정지한 곳(웹 또는 그 영업점)에서 본인확인을 하고 회복해 주세요. 정지한 지 6개월이 지나면 폐지돼요.", EN: "To use it again, prove who you are where it was suspended (here on the web, or at that branch) and resume it. After six months of suspension it is revoked."},
		until: resumeUntil,
	},
	Resumed: {
		title: fault.Text{KO: "인증서의 효력을 회복했어요", EN: "Your certificate is resumed"},
		what:  fault.Text{KO: "{kind}의 효력을 회복했어요. 다시 쓸 수 있어요.", EN: "Your {kind} was resumed. It can be used again."},
		next:  fault.Text{KO: "인증서 비밀번호를 다른 사람이 알 것 같으면 재발급을 받는 편이 안전해요.", EN: "If somebody else may know its password, it is safer to have it reissued."},
		until: validUntil,
	},
	Revoked: {
		title: fault.Text{KO: "인증서를 폐지했어요", EN: "Your certificate is revoked"},
		what:  fault.Text{KO: "{kind}를 폐지했어요. 다시는 쓸 수 없어요.", EN: "Your {kind} was revoked. It can never be used again."},
		next:  fault.Text{KO: "필요하시면 새로 발급받을 수 있어요.", EN: "If you need one, you can apply for a new certificate."},
	},
	Lost: {
		title: fault.Text{KO: "분실 신고로 인증서를 모두 정지했어요", EN: "Reported lost: your certificates are suspended"},
		what:  fault.Text{KO: "분실 신고를 받아서 {kind} 등 가지고 계신 인증서를 모두 바로 정지했어요.", EN: "A loss was reported, so all your certificates were suspended at once, your {kind} among them."},
		next:  fault.Text{KO: "이제 재발급을 받으면 전의 인증서는 폐지되고 새 인증서를 쓸 수 있어요. 신고하지 않으셨다면 본인확인을 하고 회복할 수 있어요.", EN: "Next, have it reissued: the one before is then revoked, and you have a new one. If it was not you who reported it, prove who you are and resume it."},
		until: resumeUntil,
		also:  fault.Text{KO: "재발급: {url}/certificates", EN: "Have it reissued: {url}/certificates"},
	},
	HeldEnded: {
		clock: true,
		title: fault.Text{KO: "오래 정지된 인증서를 폐지했어요", EN: "A certificate that was suspended for long is revoked"},
		what:  fault.Text{KO: "{kind}가 6개월 동안 정지되어 있어서 폐지했어요.", EN: "Your {kind} had been suspended for six months, so it was revoked."},
		next:  fault.Text{KO: "필요하시면 새로 발급받을 수 있어요.", EN: "If you need one, you can apply for a new certificate."},
	},
	Expired: {
		clock: true,
		title: fault.Text{KO: "인증서가 만료됐어요", EN: "Your certificate has expired"},
		what:  fault.Text{KO: "{kind}의 유효기간이 끝났어요. 이제 쓸 수 없어요.", EN: "Your {kind} has expired. It can't be used any more."},
		next:  fault.Text{KO: "만료된 인증서는 갱신할 수 없어요. 새로 발급받아 주세요.", EN: "One that has expired can't be renewed. Please apply for a new certificate."},
		until: fault.Text{KO: "만료", EN: "Expired"},
	},
	Reminder: {
		clock: true,
		title: fault.Text{KO: "인증서가 {left} 만료돼요", EN: "Your certificate ends {left}"},
		what:  fault.Text{KO: "{kind}의 유효기간이 {left} 끝나요.", EN: "Your {kind} ends {left}."},
		next:  fault.Text{KO: "지금 갱신하면 남은 기간이 새 인증서에 그대로 더해져서 잃는 것이 없어요. 만료되면 갱신할 수 없고 처음부터 다시 발급받아야 해요.", EN: "Renew it now and you lose nothing: the time that is left is added to the new one. Once it has expired it can't be renewed, and you would have to apply from the start."},
		until: fault.Text{KO: "만료", EN: "Ends"},
	},
}

var (
	validUntil  = fault.Text{KO: "유효기간", EN: "Valid until"}
	resumeUntil = fault.Text{KO: "회복할 수 있는 기한", EN: "Can be resumed until"}
)
