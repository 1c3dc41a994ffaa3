package enrolment

import "github.com/ingam-pki/ingam/internal/fault"

// Where an application stands.
var (
	ErrUnknown = fault.Define(2101, "application-unknown", fault.NotFound,
		fault.Text{KO: "신청을 찾을 수 없어요.", EN: "There is no such application."},
		fault.Text{KO: "본인의 아이디로 로그인했는지 보고, 신청 목록에서 다시 골라 주세요.", EN: "Please check that you are logged in with your own id and choose the application from your list."})
	ErrLapsed = fault.Define(2102, "application-lapsed", fault.Gone,
		fault.Text{KO: "신청한 지 24시간이 지나서 이 신청은 끝났어요.", EN: "This application has ended because 24 hours have passed."},
		fault.Text{KO: "새로 신청해 주세요. 본인확인을 다시 해야 하지만 5분쯤이면 돼요.", EN: "Please apply again. Your identity has to be proven anew; it takes about five minutes."})
	ErrAbandoned = fault.Define(2103, "application-abandoned", fault.Gone,
		fault.Text{KO: "취소하신 신청이에요.", EN: "You cancelled this application."},
		fault.Text{KO: "인증서가 필요하면 새로 신청해 주세요.", EN: "If you need a certificate, please apply again."})
	ErrRejected = fault.Define(2104, "application-rejected", fault.Gone,
		fault.Text{KO: "본인확인 결과 때문에 끝난 신청이에요. (사유 번호 {reason})", EN: "This application was ended because of what the identity check found. (Reason {reason})"},
		fault.Text{KO: "신분증을 가지고 영업점에 오시거나 고객센터에 사유 번호를 알려 주세요. 1588-0000", EN: "Please come to a branch with your identity document, or tell the call centre the reason number: 1588-0000"})
	ErrIssued = fault.Define(2105, "application-issued", fault.Conflict,
		fault.Text{KO: "이 신청으로는 인증서가 이미 발급되었어요.", EN: "The certificate of this application has been issued."},
		fault.Text{KO: "발급된 인증서를 내려받아 주세요.", EN: "Please fetch the certificate."})
	ErrChanged = fault.Define(2106, "application-changed", fault.Conflict,
		fault.Text{KO: "다른 화면에서 이 신청이 방금 바뀌었어요.", EN: "This application was changed in another window just now."},
		fault.Text{KO: "신청을 다시 열어 보고 이어서 해 주세요. 지금까지 하신 것은 그대로 있어요.", EN: "Please open it again and go on. What you have done so far is kept."})
	ErrManyApplications = fault.Define(2107, "applications-many", fault.TooMany,
		fault.Text{KO: "24시간 동안 할 수 있는 신청을 모두 하셨어요.", EN: "You have begun as many applications as can be begun in 24 hours."},
		fault.Text{KO: "내일 다시 신청해 주세요. 급하거나 직접 하신 신청이 아니면 고객센터로 전화해 주세요. 1588-0000", EN: "Please apply again tomorrow. If it is urgent, or if it was not you, please call 1588-0000."})
)

// ErrOpenOther says that an application for something else with the same kind is open.
var ErrOpenOther = fault.Define(2108, "application-open-other", fault.Conflict,
	fault.Text{KO: "이 종류의 인증서로 하시던 다른 신청({way})이 아직 끝나지 않았어요.", EN: "Another application ({way}) for this kind of certificate is not finished yet."},
	fault.Text{KO: "하시던 신청을 마치거나 취소한 다음 다시 해 주세요. 하신 적이 없으면 바로 고객센터로 알려 주세요. 1588-0000", EN: "Please finish or cancel that one first. If you did not begin it, call us at once: 1588-0000."})

// ErrWay says that the application is for something else.
var ErrWay = fault.Define(2109, "application-way", fault.Conflict,
	fault.Text{KO: "이 신청으로는 할 수 없는 일이에요.", EN: "This application is for something else."},
	fault.Text{KO: "신청 목록에서 무엇을 위한 신청인지 보고 이어서 하거나, 새로 신청해 주세요.", EN: "Please look at your list of applications what it is for, or apply anew."})

// Who may apply for what.
var (
	ErrKind = fault.Define(2111, "kind-unknown", fault.Invalid,
		fault.Text{KO: "없는 인증서 종류예요.", EN: "There is no such kind of certificate."},
		fault.Text{KO: "목록에 있는 종류 가운데 골라 주세요.", EN: "Please choose one from the list."})
	ErrNotOnline = fault.Define(2112, "kind-not-online", fault.Refused,
		fault.Text{KO: "이 종류의 인증서는 아직 온라인으로 신청할 수 없어요.", EN: "This kind of certificate can't be applied for online yet."},
		fault.Text{KO: "신분증을 가지고 가까운 영업점에 와 주세요. 고객센터 1588-0000", EN: "Please come to a branch with your identity document. Call centre 1588-0000"})
	ErrCorporate = fault.Define(2113, "corporate-at-personal-kind", fault.Refused,
		fault.Text{KO: "기업 고객은 개인용 인증서를 신청할 수 없어요.", EN: "A corporate customer can't apply for a personal certificate."},
		fault.Text{KO: "기업용 인증서를 골라 주세요. 대표자 개인의 인증서가 필요하면 개인 아이디로 로그인해 주세요. 고객센터 1588-0000", EN: "Please choose a corporate kind. For a certificate of your own, log in as a private person. Call centre 1588-0000"})
	ErrPerson = fault.Define(2114, "person-at-corporate-kind", fault.Refused,
		fault.Text{KO: "개인 고객은 기업용 인증서를 신청할 수 없어요.", EN: "A private person can't apply for a corporate certificate."},
		fault.Text{KO: "개인용 인증서를 고르거나, 기업 아이디로 로그인해 주세요. 고객센터 1588-0000", EN: "Please choose a personal kind, or log in with the company's id. Call centre 1588-0000"})
	ErrChild = fault.Define(2115, "under-14", fault.Refused,
		fault.Text{KO: "만 14세가 안 된 고객은 온라인으로 신청할 수 없어요.", EN: "Customers under 14 can't apply online."},
		fault.Text{KO: "부모님 같은 법정대리인과 함께 가족관계증명서와 대리인의 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Please come to a branch with a parent or guardian, who brings the family relation certificate and an identity document. Call centre 1588-0000"})
	ErrDeceased = fault.Define(2116, "deceased", fault.Refused,
		fault.Text{KO: "은행에 사망하신 것으로 등록된 고객이어서 인증서를 발급할 수 없어요.", EN: "The bank's record says that this customer has died, so no certificate can be issued."},
		fault.Text{KO: "기록이 잘못되었으면 신분증을 가지고 영업점에 와 주세요. 유족이시면 상속 상담을 도와드려요. 고객센터 1588-0000", EN: "If the record is wrong, please come to a branch with your identity document. Relatives are advised on the inheritance there, too. Call centre 1588-0000"})
)

// ErrPersonChanged says that name or identity number at the core bank are no
// longer those that were proven.
var ErrPersonChanged = fault.Define(2117, "person-changed", fault.Refused,
	fault.Text{KO: "본인확인 뒤에 은행에 등록된 고객 정보가 바뀌어서 신청을 끝냈어요.", EN: "The bank's record of you has changed since your identity was proven, so the application was ended."},
	fault.Text{KO: "새로 신청하고 바뀐 정보로 본인확인을 다시 해 주세요. 바꾸신 적이 없으면 바로 고객센터로 알려 주세요. 1588-0000", EN: "Please apply again and prove your identity with the new data. If you changed nothing, please call us at once: 1588-0000."})

// Consent.
var (
	ErrConsentMissing = fault.Define(2121, "consent-missing", fault.Refused,
		fault.Text{KO: "꼭 필요한 동의가 빠졌어요: {terms}", EN: "A consent that is needed is missing: {terms}"},
		fault.Text{KO: "약관을 읽고 필수 항목에 모두 동의해 주세요. 동의하지 않으면 인증서를 발급할 수 없어요.", EN: "Please read the terms and agree to all that are marked as required. Without that no certificate can be issued."})
	ErrConsentOld = fault.Define(2122, "consent-old", fault.Conflict,
		fault.Text{KO: "동의하신 약관이 지금 약관과 달라요: {terms}", EN: "What you agreed to is not today's text: {terms}"},
		fault.Text{KO: "약관을 다시 불러와 읽고 동의해 주세요.", EN: "Please load the terms again, read them and agree."})
	ErrConsentUnknown = fault.Define(2123, "consent-unknown", fault.Invalid,
		fault.Text{KO: "이 인증서에 없는 약관이거나 같은 약관이 두 번 들어 있어요.", EN: "A text is not among the terms of this certificate, or it stands there twice."},
		fault.Text{KO: "약관을 다시 불러와 동의해 주세요.", EN: "Please load the terms again and agree."})
	ErrConsentGiven = fault.Define(2124, "consent-given", fault.Conflict,
		fault.Text{KO: "이 신청에는 이미 다른 내용으로 동의하셨어요.", EN: "You have already agreed to other texts in this application."},
		fault.Text{KO: "동의를 바꾸려면 이 신청을 취소하고 새로 신청해 주세요.", EN: "To change that, cancel this application and apply again."})
)

// The order of the steps.
var (
	ErrConsentFirst = fault.Define(2131, "consent-first", fault.Conflict,
		fault.Text{KO: "약관 동의가 먼저예요.", EN: "The terms come first."},
		fault.Text{KO: "약관에 동의한 다음 본인확인을 해 주세요.", EN: "Please agree to the terms, then prove your identity."})
	ErrProofFirst = fault.Define(2132, "proof-first", fault.Conflict,
		fault.Text{KO: "본인확인이 아직 끝나지 않았어요.", EN: "Your identity is not fully proven yet."},
		fault.Text{KO: "남은 본인확인을 마쳐 주세요: {needs}", EN: "Please finish what is missing: {needs}"})
	ErrPhoneProven = fault.Define(2134, "phone-proven", fault.Conflict,
		fault.Text{KO: "휴대폰 확인은 이미 마치셨어요.", EN: "Your phone has been confirmed already."},
		fault.Text{KO: "인증번호는 더 필요하지 않아요. 다음 단계로 가 주세요.", EN: "No other code is needed. Please go on with the next step."})
	ErrKeyFirst = fault.Define(2133, "key-request-first", fault.Conflict,
		fault.Text{KO: "키 만들기를 아직 시작하지 않았어요.", EN: "The making of the key has not been started yet."},
		fault.Text{KO: "키 요청(key-request)을 먼저 받은 다음 인증서를 요청해 주세요.", EN: "Please ask for the key request first, then for the certificate."})
)

// ErrNoKey says that a resumption goes on with the key that there is.
var ErrNoKey = fault.Define(2135, "no-key-needed", fault.Conflict,
	fault.Text{KO: "효력 회복에는 새 키가 필요 없어요.", EN: "No new key is needed to resume a certificate."},
	fault.Text{KO: "본인확인을 마치고 ‘효력 회복’을 눌러 주세요.", EN: "Please choose “Resume” once your identity is proven."})

// The request with the customer's key.
var (
	ErrRequest = fault.Define(2141, "request-malformed", fault.Invalid,
		fault.Text{KO: "인증서 요청(PKCS#10)을 읽을 수 없어요.", EN: "The certification request (PKCS #10) can't be read."},
		fault.Text{KO: "프로그램을 새 판으로 바꾸고 다시 눌러 주세요. 신청은 그대로 있어요.", EN: "Please update the program that you use and try again. Your application is kept."})
	ErrPossession = fault.Define(2142, "possession", fault.Refused,
		fault.Text{KO: "요청에 담긴 키의 주인임을 확인하지 못했어요.", EN: "The request does not prove possession of its key."},
		fault.Text{KO: "인증서 발급을 다시 눌러 새 키로 해 주세요. 신청은 그대로 있어요.", EN: "Please choose issue once more so that a new key is made. Your application is kept."})
	ErrChallenge = fault.Define(2143, "challenge", fault.Refused,
		fault.Text{KO: "이 신청을 위해 만든 키가 아니에요.", EN: "The key was not made for this application."},
		fault.Text{KO: "이 신청의 키 요청을 다시 받아 새 키를 만들어 주세요.", EN: "Please ask for this application's key request again and make a new key."})
	ErrVID = fault.Define(2144, "vid-missing", fault.Invalid,
		fault.Text{KO: "요청에 본인확인값(R)이 없거나 길이가 달라요.", EN: "The identification value (R) is missing from the request or has a wrong length."},
		fault.Text{KO: "프로그램을 새 판으로 바꾸고 다시 눌러 주세요. 신청은 그대로 있어요.", EN: "Please update the program that you use and try again. Your application is kept."})
	ErrOldKey = fault.Define(2146, "old-key", fault.Refused,
		fault.Text{KO: "갱신하려는 인증서로 서명한 요청이 아니에요.", EN: "The request is not signed by the certificate that is to be renewed."},
		fault.Text{KO: "갱신할 인증서를 열고 다시 눌러 주세요. 그 인증서가 없거나 암호를 잊으셨으면 재발급을 받아 주세요. 신청은 그대로 있어요.", EN: "Please open that certificate and try again. If you don't have it or forgot its password, have it reissued. Your application is kept."})
	ErrKeySize = fault.Define(2145, "key-size", fault.Refused,
		fault.Text{KO: "키가 짧아요. RSA {bits}비트부터 받아요.", EN: "The key is too short. RSA keys are accepted from {bits} bits."},
		fault.Text{KO: "더 긴 키로 다시 요청해 주세요. 신청은 그대로 있어요.", EN: "Please ask again with a longer key. Your application is kept."})
)
