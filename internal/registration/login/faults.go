package login

import "github.com/ingam-pki/ingam/internal/fault"

// The refusals of both ways.
var (
	ErrNoChallenge = fault.Define(2201, "login-challenge-over", fault.Gone,
		fault.Text{KO: "로그인 확인 시간이 지났거나 이미 쓴 확인이에요.", EN: "The time for this step has passed, or it has been used already."},
		fault.Text{KO: "처음부터 다시 눌러 주세요. 3분 안에 마치면 돼요.", EN: "Please begin it again; there are 3 minutes for it."})
	ErrNobody = fault.Define(2202, "login-nobody", fault.Unauthenticated,
		fault.Text{KO: "이것으로 로그인할 수 있는 고객이 없어요.", EN: "There is no customer whom this lets in."},
		fault.Text{KO: "아이디와 비밀번호로 로그인하거나 고객센터로 전화해 주세요. 1588-0000", EN: "Please log in with id and password, or call 1588-0000."})
	ErrDeceased = fault.Define(2203, "login-deceased", fault.Refused,
		fault.Text{KO: "은행에 사망하신 것으로 등록된 고객이어서 로그인할 수 없어요.", EN: "The bank's record says that this customer has died, so nobody can log in."},
		fault.Text{KO: "기록이 잘못되었으면 신분증을 가지고 영업점에 와 주세요. 유족이시면 상속 상담을 도와드려요. 고객센터 1588-0000", EN: "If the record is wrong, please come to a branch with your identity document. Relatives are advised on the inheritance there, too. Call centre 1588-0000"})
)

// The refusals of a login with a certificate.
var (
	ErrSignatureForm = fault.Define(2211, "login-signature-form", fault.Invalid,
		fault.Text{KO: "인증서로 한 서명을 읽을 수 없어요.", EN: "The signature can't be read."},
		fault.Text{KO: "화면을 새로고침한 다음 다시 로그인해 주세요.", EN: "Please reload the page and log in again."})
	ErrSignature = fault.Define(2212, "login-signature-wrong", fault.Unauthenticated,
		fault.Text{KO: "서명이 로그인 확인 문구와 맞지 않아요.", EN: "The signature is not one over the text that was to be signed."},
		fault.Text{KO: "처음부터 다시 눌러 새 문구에 서명해 주세요.", EN: "Please begin again and sign the new text."})
	ErrForeign = fault.Define(2213, "login-certificate-foreign", fault.Refused,
		fault.Text{KO: "이 은행이 발급한 인증서가 아니어서 로그인할 수 없어요.", EN: "This bank did not issue the certificate, so it can't be used to log in."},
		fault.Text{KO: "이 은행에서 받은 인증서를 고르거나, 아이디와 비밀번호로 로그인해 주세요.", EN: "Please choose a certificate of this bank, or log in with id and password."})
	ErrExpired = fault.Define(2214, "login-certificate-expired", fault.Refused,
		fault.Text{KO: "유효기간이 끝난 인증서예요.", EN: "The certificate has expired."},
		fault.Text{KO: "아이디와 비밀번호로 로그인해서 인증서를 새로 발급받아 주세요.", EN: "Please log in with id and password and have a new one issued."})
	ErrSuspended = fault.Define(2215, "login-certificate-suspended", fault.Refused,
		fault.Text{KO: "효력이 정지된 인증서예요.", EN: "The certificate is suspended."},
		fault.Text{KO: "신분증을 가지고 영업점에 오시면 효력을 회복할 수 있어요. 직접 정지하지 않으셨으면 고객센터로 전화해 주세요. 1588-0000", EN: "A branch resumes it; please bring your identity document. If you did not suspend it yourself, call 1588-0000."})
	ErrRevoked = fault.Define(2216, "login-certificate-revoked", fault.Refused,
		fault.Text{KO: "폐지된 인증서예요. 다시 쓸 수 없어요.", EN: "The certificate is revoked for good."},
		fault.Text{KO: "다른 인증서를 고르거나, 아이디와 비밀번호로 로그인해서 새로 발급받아 주세요. 폐지하신 적이 없으면 고객센터로 알려 주세요. 1588-0000", EN: "Please choose another one, or log in with id and password and have a new one issued. If you did not revoke it, call 1588-0000."})
	ErrHeld = fault.Define(2217, "login-certificate-held", fault.Refused,
		fault.Text{KO: "은행이 발급을 확인하는 동안 잠시 쓸 수 없는 인증서예요.", EN: "The certificate can't be used while the bank checks how it was issued."},
		fault.Text{KO: "확인이 끝나면 알려 드려요. 급하면 신분증을 가지고 영업점에 오시거나 고객센터로 전화해 주세요. 1588-0000", EN: "You will hear from us. If it is urgent, come to a branch with your identity document or call 1588-0000."})
	ErrUnfit = fault.Define(2218, "login-certificate-unfit", fault.Refused,
		fault.Text{KO: "로그인에 쓸 수 없는 인증서예요.", EN: "This certificate is not one to log in with."},
		fault.Text{KO: "다른 인증서를 고르거나, 아이디와 비밀번호로 로그인해 주세요.", EN: "Please choose another one, or log in with id and password."})
)

// The refusals of passkeys.
var (
	ErrPasskeyAddress = fault.Define(2231, "passkey-address", fault.Refused,
		fault.Text{KO: "숫자로 된 주소에서는 패스키를 쓸 수 없어요.", EN: "Passkeys don't work at an address made of numbers."},
		fault.Text{KO: "이 주소로 다시 열어 주세요: {address}", EN: "Please open this address instead: {address}"})
	ErrPasskeyForm = fault.Define(2232, "passkey-form", fault.Invalid,
		fault.Text{KO: "패스키의 응답을 읽을 수 없어요.", EN: "What the passkey answered can't be read."},
		fault.Text{KO: "화면을 새로고침한 다음 다시 해 주세요.", EN: "Please reload the page and try again."})
	ErrPasskeyRefused = fault.Define(2233, "passkey-refused", fault.Refused,
		fault.Text{KO: "기기의 응답이 맞지 않아서 패스키를 등록하지 않았어요.", EN: "What the device answered is not right, so the passkey was not added."},
		fault.Text{KO: "기기의 화면 잠금(지문, 얼굴, PIN)을 켠 다음 다시 등록해 주세요.", EN: "Please turn on the device's screen lock (fingerprint, face or PIN) and try again."})
	ErrPasskeyWrong = fault.Define(2234, "passkey-wrong", fault.Unauthenticated,
		fault.Text{KO: "이 패스키로는 로그인할 수 없어요.", EN: "This passkey lets nobody in here."},
		fault.Text{KO: "지우신 패스키일 수 있어요. 다른 패스키나 아이디와 비밀번호로 로그인해 주세요.", EN: "It may have been removed. Please use another one, or log in with id and password."})
	ErrPasskeyCopied = fault.Define(2235, "passkey-copied", fault.Refused,
		fault.Text{KO: "이 패스키가 다른 곳에 복사된 것 같아서 막았어요.", EN: "This passkey seems to have been copied, so it was stopped."},
		fault.Text{KO: "아이디와 비밀번호로 로그인해서 이 패스키를 지우고 새로 등록해 주세요. 짐작 가는 일이 없으면 고객센터로 알려 주세요. 1588-0000", EN: "Please log in with id and password, remove it and add a new one. If you can't explain it, call 1588-0000."})
	ErrPasskeyMany = fault.Define(2236, "passkeys-many", fault.Conflict,
		fault.Text{KO: "패스키를 10개까지 등록할 수 있는데 이미 모두 쓰셨어요.", EN: "You have 10 passkeys, and that is as many as one can have."},
		fault.Text{KO: "쓰지 않는 패스키를 지우고 다시 등록해 주세요.", EN: "Please remove one that you don't use."})
	ErrPasskeyThere = fault.Define(2237, "passkey-there", fault.Conflict,
		fault.Text{KO: "이미 등록된 패스키예요.", EN: "This passkey has been added already."},
		fault.Text{KO: "그대로 쓰시면 돼요. 다른 기기라면 그 기기에서 등록해 주세요.", EN: "Just use it. For another device, add one there."})
	ErrPasskeyUnknown = fault.Define(2238, "passkey-unknown", fault.NotFound,
		fault.Text{KO: "그런 패스키가 없어요.", EN: "There is no such passkey."},
		fault.Text{KO: "목록을 새로고침해 주세요. 이미 지우신 것일 수 있어요.", EN: "Please reload the list; it may be gone already."})
	ErrPasskeyName = fault.Define(2239, "passkey-name", fault.Invalid,
		fault.Text{KO: "패스키의 이름으로 쓸 수 없어요.", EN: "This can't be the name of a passkey."},
		fault.Text{KO: "보이는 글자로 1~40자 안에서 정해 주세요.", EN: "Please choose 1 to 40 visible characters."})
)
