package notice

import "github.com/ingam-pki/ingam/internal/fault"

// The refusals of a choice.
var (
	ErrNoChannel = fault.Define(2801, "notice-no-channel", fault.Refused,
		fault.Text{KO: "알림을 받을 방법을 하나도 고르지 않으셨어요.", EN: "No way to get notices is chosen."},
		fault.Text{KO: "메일과 문자 가운데 적어도 하나는 켜 두세요. 누가 인증서를 몰래 쓰려고 할 때 알려 드릴 수 있어야 해요. 고객센터 1588-0000", EN: "Please leave mail or messages on: we have to be able to tell you when somebody else tries to use your certificates. Call centre 1588-0000"})
	ErrNoAddress = fault.Define(2802, "notice-no-address", fault.Refused,
		fault.Text{KO: "고르신 방법으로는 알림을 보낼 주소가 은행에 없어요.", EN: "The bank has no address for the way that you chose."},
		fault.Text{KO: "다른 방법도 켜 두시거나, 영업점이나 고객센터에서 메일 주소와 휴대폰 번호를 등록해 주세요. 1588-0000", EN: "Please leave the other way on, too, or have your mail address and phone number entered at a branch or by the call centre: 1588-0000."})
	ErrLanguage = fault.Define(2803, "notice-language", fault.Invalid,
		fault.Text{KO: "알림을 보낼 수 없는 언어예요.", EN: "Notices don't come in this language."},
		fault.Text{KO: "한국어(ko)나 영어(en) 가운데 골라 주세요.", EN: "Please choose Korean (ko) or English (en)."})
)

// ErrNotDead is the operator's.
var ErrNotDead = fault.Define(6051, "notice-not-dead", fault.NotFound,
	fault.Text{KO: "보내기를 포기한 알림 가운데 {id}는 없어요.", EN: "There is no dead notice {id}."},
	fault.Text{KO: "‘ingamd notices list’로 번호를 확인해 주세요. 이미 다시 보내고 있을 수 있어요.", EN: "Please check its id by “ingamd notices list”. It may be on its way again already."})
