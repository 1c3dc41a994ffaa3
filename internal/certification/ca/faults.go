package ca

import "github.com/ingam-pki/ingam/internal/fault"

// The refusals of the authority. A customer meets the first five; the others
// are for operators and for what should not happen.
var (
	// ErrPersonHolds: the person has a live certificate of this kind.
	ErrPersonHolds = fault.Define(4001, "certificate-held", fault.Conflict,
		fault.Text{KO: "같은 종류의 인증서를 이미 가지고 계세요. 한 사람이 종류마다 하나씩만 쓸 수 있어요.",
			EN: "You already hold a certificate of this kind. A person can have one of each kind."},
		fault.Text{KO: "가진 인증서를 그대로 쓰시거나 갱신해 주세요. 잃어버렸거나 암호를 잊으셨다면 ‘내 인증서’에서 재발급을 받아 주세요. 고객센터 1588-0000",
			EN: "Please go on using it or renew it. If you lost it or forgot its password, have it reissued under “My certificates”. Call centre 1588-0000"})

	// ErrKeyCertified: the public key stands in another certificate.
	ErrKeyCertified = fault.Define(4002, "key-used", fault.Conflict,
		fault.Text{KO: "이 전자서명 키는 이미 다른 인증서에 쓰였어요.",
			EN: "This key already belongs to another certificate."},
		fault.Text{KO: "인증서 발급을 다시 눌러 새 키를 만들어 주세요. 신청 내용은 그대로 있어요.",
			EN: "Please choose issue once more so that a new key is made. Your application is kept."})

	// ErrEncryptedVID: R does not come out of the EncryptedVID.
	ErrEncryptedVID = fault.Define(4003, "encrypted-vid", fault.Invalid,
		fault.Text{KO: "본인확인값(R)을 열 수 없어요. 다른 인증기관이나 지난 인증서의 키로 잠긴 것 같아요.",
			EN: "The identification value (R) can't be opened. It seems to be sealed for another authority or for an older key."},
		fault.Text{KO: "인증서 발급을 처음부터 다시 눌러 주세요. 계속되면 프로그램을 새 판으로 바꿔 주세요.",
			EN: "Please choose issue again. If it goes on, update the program that you use."})

	// ErrOtherKey: the application has its certificate, for another key.
	ErrOtherKey = fault.Define(4004, "application-used", fault.Conflict,
		fault.Text{KO: "이 신청으로는 이미 다른 키의 인증서가 발급되었어요.",
			EN: "This application already has its certificate, for another key."},
		fault.Text{KO: "발급된 인증서를 내려받아 주세요. 그 키를 잃어버렸다면 ‘내 인증서’에서 재발급을 받아 주세요. 고객센터 1588-0000",
			EN: "Please fetch that certificate. If you lost its key, have it reissued under “My certificates”. Call centre 1588-0000"})

	// ErrKeyUnfit: not an RSA key of a size and form that we certify.
	ErrKeyUnfit = fault.Define(4005, "key-unfit", fault.Invalid,
		fault.Text{KO: "이 전자서명 키로는 인증서를 만들 수 없어요. RSA 2048~4096비트 키만 받아요.",
			EN: "No certificate can be made for this key. RSA keys of 2048 to 4096 bits are accepted."},
		fault.Text{KO: "프로그램을 새 판으로 바꾸고 다시 발급받아 주세요.",
			EN: "Please update the program that you use and have the certificate issued again."})

	// ErrIncomplete: registration handed over a request that lacks something.
	ErrIncomplete = fault.Define(4006, "request-incomplete", fault.Internal,
		fault.Text{KO: "인증서를 만드는 데 필요한 정보가 모자라요.",
			EN: "Something that the certificate needs is missing."},
		fault.Text{KO: "신청 내용은 그대로 있어요. 고객센터에 이 번호를 알려 주세요.",
			EN: "Your application is kept. Please tell the call centre this number."})

	// ErrLint: what was prepared breaks a rule; no key was touched.
	ErrLint = fault.Define(4007, "lint-stop", fault.Internal,
		fault.Text{KO: "만들려던 인증서가 규격 검사를 통과하지 못해 서명 전에 멈췄어요.",
			EN: "The certificate to be made did not pass our checks, so it was stopped before signing."},
		fault.Text{KO: "신청 내용은 그대로 있어요. 은행에서 고친 뒤 다시 발급할 수 있으니 고객센터에 이 번호를 알려 주세요.",
			EN: "Your application is kept. It can be issued once the bank has corrected this; please tell the call centre this number."})

	// ErrNumbering: no free serial or name was found in several tries.
	ErrNumbering = fault.Define(4008, "numbering", fault.Unavailable,
		fault.Text{KO: "인증서 번호를 정하지 못했어요.",
			EN: "No number could be found for the certificate."},
		fault.Text{KO: "신청 내용은 그대로 있어요. 잠시 뒤 다시 시도해 주세요.",
			EN: "Your application is kept. Please try again in a moment."})

	// ErrSigning: the signing key did not answer, or answered wrongly.
	ErrSigning = fault.Define(4009, "signing", fault.Unavailable,
		fault.Text{KO: "인증기관의 서명 장치가 답하지 않아 인증서를 아직 만들지 못했어요.",
			EN: "The authority's signing key did not answer, so the certificate is not made yet."},
		fault.Text{KO: "신청은 접수되어 있어요. 잠시 뒤 다시 누르시면 같은 인증서를 받아요.",
			EN: "Your application is accepted. Try again in a moment and you will get the same certificate."})

	// ErrNotFound: there is no certificate with this serial.
	ErrNotFound = fault.Define(4010, "certificate-unknown", fault.NotFound,
		fault.Text{KO: "그 일련번호의 인증서가 없어요.", EN: "There is no certificate with this serial number."},
		fault.Text{KO: "일련번호를 다시 확인해 주세요.", EN: "Please check the serial number."})

	// ErrState: the certificate's state does not allow the act.
	ErrState = fault.Define(4011, "certificate-state", fault.Conflict,
		fault.Text{KO: "인증서가 지금 상태({state})에서는 이 작업을 할 수 없어요.",
			EN: "The certificate's present state ({state}) does not allow this."},
		fault.Text{KO: "인증서의 상태를 확인해 주세요. 폐지되거나 만료된 인증서는 되돌릴 수 없고 새로 발급받아야 해요.",
			EN: "Please look at its state. A revoked or expired certificate can't come back; a new one has to be issued."})

	// ErrReason: not a reason for which a subscriber's certificate is revoked.
	ErrReason = fault.Define(4012, "revocation-reason", fault.Invalid,
		fault.Text{KO: "쓸 수 없는 폐지 사유예요.", EN: "This is not a reason for revoking a certificate."},
		fault.Text{KO: "unspecified, key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn 가운데 하나를 골라 주세요.",
			EN: "Please choose one of unspecified, key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn."})

	// ErrStored: what the ledger holds is not what this authority prepared.
	ErrStored = fault.Define(4013, "stored-request", fault.Internal,
		fault.Text{KO: "보관된 발급 기록이 규격과 달라 서명하지 않았어요.",
			EN: "The stored issuing record is not as it should be, so it was not signed."},
		fault.Text{KO: "고객센터에 이 번호를 알려 주세요. 운영자는 감사 기록을 먼저 확인해 주세요.",
			EN: "Please tell the call centre this number. Operators: verify the audit log first."})

	// ErrPredecessor: what was to be replaced is not there to be replaced any more.
	ErrPredecessor = fault.Define(4014, "certificate-replaced", fault.Conflict,
		fault.Text{KO: "바꾸려던 인증서의 상태({state})가 그사이 달라져서 새 인증서로 바꾸지 않았어요.",
			EN: "The certificate that was to be replaced has changed meanwhile (it is {state}), so it was not replaced."},
		fault.Text{KO: "‘내 인증서’에서 지금 상태를 보고 다음에 할 일을 골라 주세요. 고객센터 1588-0000",
			EN: "Please look at it under “My certificates” and choose what to do next. Call centre 1588-0000"})

	// ErrDesk: a suspended certificate is resumed where it was suspended.
	ErrDesk = fault.Define(4015, "other-desk", fault.Refused,
		fault.Text{KO: "효력을 정지한 곳({desk})에서만 효력을 회복할 수 있어요.",
			EN: "A suspended certificate can only be resumed where it was suspended ({desk})."},
		fault.Text{KO: "신분증을 가지고 정지를 신청한 곳에 와 주세요. 어디인지 모르면 고객센터에 물어봐 주세요. 1588-0000",
			EN: "Please go there with your identity document. If you don't know where that is, ask the call centre: 1588-0000."})
)
