package lifecycle

import (
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
)

// Why a certificate can't be used for an act, by its state. Each says what to
// do instead.
var (
	ErrPending = fault.Define(2301, "certificate-pending", fault.Conflict,
		fault.Text{KO: "인증서가 아직 만들어지고 있어요.", EN: "The certificate is still being made."},
		fault.Text{KO: "1분쯤 뒤에 다시 시도해 주세요. 계속되면 고객센터로 전화해 주세요. 1588-0000", EN: "Please try again in a minute. If it goes on, please call 1588-0000."})
	ErrHeld = fault.Define(2302, "certificate-held-back", fault.Conflict,
		fault.Text{KO: "은행이 확인할 때까지 쓸 수 없게 해 둔 인증서예요.", EN: "The bank has put this certificate on hold until something is checked."},
		fault.Text{KO: "고객센터로 전화하거나 신분증을 가지고 영업점에 와 주세요. 확인되면 바로 쓸 수 있어요. 1588-0000", EN: "Please call us or come to a branch with your identity document; it can be used once that is settled: 1588-0000."})
	ErrSuspended = fault.Define(2303, "certificate-is-suspended", fault.Conflict,
		fault.Text{KO: "효력이 정지된 인증서예요.", EN: "This certificate is suspended."},
		fault.Text{KO: "‘내 인증서’에서 효력을 회복하거나, 잃어버리셨으면 재발급을 받아 주세요. 고객센터 1588-0000", EN: "Please resume it under “My certificates”, or have it reissued if you lost it. Call centre 1588-0000"})
	ErrRevoked = fault.Define(2304, "certificate-is-revoked", fault.Conflict,
		fault.Text{KO: "폐지된 인증서예요. 폐지는 되돌릴 수 없어요.", EN: "This certificate is revoked, and that can't be undone."},
		fault.Text{KO: "인증서가 필요하면 새로 발급받아 주세요. 폐지하신 적이 없으면 바로 고객센터로 알려 주세요. 1588-0000", EN: "If you need one, please apply for a new certificate. If it was not you who revoked it, call us at once: 1588-0000."})
	ErrExpired = fault.Define(2305, "certificate-is-expired", fault.Conflict,
		fault.Text{KO: "유효기간이 끝난 인증서예요.", EN: "This certificate has expired."},
		fault.Text{KO: "갱신은 유효기간 안에서만 할 수 있어요. 인증서를 새로 발급받아 주세요. 고객센터 1588-0000", EN: "Only a certificate that is still valid can be renewed. Please apply for a new one. Call centre 1588-0000"})
	ErrValid = fault.Define(2306, "certificate-is-valid", fault.Conflict,
		fault.Text{KO: "지금 쓸 수 있는 인증서라 회복할 것이 없어요.", EN: "This certificate can be used, so there is nothing to resume."},
		fault.Text{KO: "그대로 쓰시면 돼요.", EN: "Please go on using it."})
)

// Renewal and reissue.
var (
	ErrRenewEarly = fault.Define(2311, "renewal-early", fault.Refused,
		fault.Text{KO: "아직 갱신할 때가 아니에요. 만료 {days}일 전인 {from}부터 갱신할 수 있어요.", EN: "It is too early. The certificate can be renewed from {days} days before its end, that is from {from}."},
		fault.Text{KO: "그때까지는 지금 인증서를 그대로 쓰시면 돼요. 때가 되면 알려 드릴게요. 잃어버렸거나 암호를 잊으셨으면 재발급을 받아 주세요.", EN: "Until then please go on using it; we will remind you. If you lost it or forgot its password, have it reissued."})
	ErrElsewhere = fault.Define(2312, "suspended-elsewhere", fault.Refused,
		fault.Text{KO: "온라인이 아니라 다른 곳({desk})에서 효력을 정지한 인증서예요.", EN: "This certificate was not suspended online but elsewhere ({desk})."},
		fault.Text{KO: "신분증을 가지고 정지를 신청한 곳에 와 주세요. 어디인지 모르면 고객센터에 물어봐 주세요. 1588-0000", EN: "Please go there with your identity document. If you don't know where that is, ask the call centre: 1588-0000."})
)

// ErrInvalidity says that the key can't have been another's before there was one, nor
// from tomorrow on.
var ErrInvalidity = fault.Define(2313, "invalidity-date", fault.Invalid,
	fault.Text{KO: "키를 믿을 수 없게 된 날이 발급받기 전이거나 오늘보다 뒤예요.", EN: "The day since when the key is not to be trusted lies before the issue or after today."},
	fault.Text{KO: "날짜를 다시 확인하거나, 모르시면 비워 두세요.", EN: "Please check the date, or leave it empty if you don't know."})

// The emergency code.
var (
	ErrCodeForm = fault.Define(2321, "emergency-code-form", fault.Invalid,
		fault.Text{KO: "비상 코드를 잘못 옮겨 적으신 것 같아요.", EN: "The emergency code seems to be mistyped."},
		fault.Text{KO: "종이에 적힌 16자리를 네 글자씩 다시 확인해 주세요. 코드가 없으면 로그인해서 신고하거나 고객센터로 전화해 주세요. 1588-0000", EN: "Please compare all 16 characters, four at a time. Without the code, log in and report the loss there, or call 1588-0000."})
	ErrCodeWrong = fault.Define(2322, "emergency-code-wrong", fault.Refused,
		fault.Text{KO: "이 비상 코드로 정지할 수 있는 인증서가 없어요.", EN: "There is no certificate that this emergency code could suspend."},
		fault.Text{KO: "코드를 다시 확인해 주세요. 급하면 로그인해서 신고하거나 고객센터로 바로 전화해 주세요. 1588-0000", EN: "Please check the code. If it is urgent, log in and report the loss there, or call 1588-0000 at once."})
	ErrCodeLocked = fault.Define(2323, "emergency-code-locked", fault.Locked,
		fault.Text{KO: "맞지 않는 코드가 여러 번 들어와서 이 연결에서는 {until}까지 받지 않아요.", EN: "Too many wrong codes came from this connection; no more are taken until {until}."},
		fault.Text{KO: "다른 연결(예: 휴대폰 데이터)로 하거나, 로그인해서 신고하거나, 고객센터로 바로 전화해 주세요. 1588-0000", EN: "Please use another connection (such as mobile data), log in and report the loss there, or call 1588-0000 at once."})
	ErrCodeOver = fault.Define(2324, "emergency-code-over", fault.Gone,
		fault.Text{KO: "끝난 인증서의 비상 코드는 더 보여 드리지 않아요.", EN: "The emergency code of a certificate that is over is not shown any more."},
		fault.Text{KO: "지금 쓰는 인증서의 비상 코드를 확인해 주세요.", EN: "Please look at the code of the certificate that you use now."})
)

// Acts that need two.
var (
	ErrProposalUnknown = fault.Define(2332, "proposal-unknown", fault.NotFound,
		fault.Text{KO: "승인할 건을 찾을 수 없어요.", EN: "There is no such proposal."},
		fault.Text{KO: "목록에서 다시 골라 주세요.", EN: "Please choose it from the list."})
	ErrProposalOver = fault.Define(2333, "proposal-over", fault.Conflict,
		fault.Text{KO: "이미 처리되었거나 기한이 지난 건이에요. ({state})", EN: "This proposal was decided already, or its time is up. ({state})"},
		fault.Text{KO: "필요하면 새로 올려 주세요.", EN: "Please make a new one if it is needed."})
	ErrProposalForm = fault.Define(2334, "proposal-form", fault.Invalid,
		fault.Text{KO: "올린 내용에 빠졌거나 맞지 않는 것이 있어요: {field}", EN: "Something is missing in the proposal, or does not fit: {field}"},
		fault.Text{KO: "사유를 5자에서 500자 사이로 적고 나머지를 확인해 주세요.", EN: "Please give a reason of 5 to 500 characters and check the rest."})
)

// standing says of each state why a certificate can't be used; nil for Valid.
var standing = map[ca.State]*fault.Fault{
	ca.Pending: ErrPending, ca.Held: ErrHeld, ca.Suspended: ErrSuspended, ca.Revoked: ErrRevoked, ca.Expired: ErrExpired,
}

// Stands says why a certificate in a state can't be used: a fault with its own
// sentence and way out for each; nil when it is valid.
func Stands(state ca.State) error {
	if f := standing[state]; f != nil {
		return f
	}
	return nil
}
