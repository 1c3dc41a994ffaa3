package proofing

import "github.com/ingam-pki/ingam/internal/fault"

// What was entered is not well formed: no try is counted.
var (
	ErrDocument = fault.Define(3001, "document-not-accepted", fault.Refused,
		fault.Text{KO: "이 신분증으로는 온라인 본인확인을 할 수 없어요.", EN: "This kind of identity document can't be used online."},
		fault.Text{KO: "주민등록증, 운전면허증, 여권 가운데 하나로 해 주세요. 외국인 고객은 외국인등록증이나 운전면허증을 쓸 수 있어요. 다른 신분증만 있으면 영업점에서 도와드려요. 고객센터 1588-0000", EN: "Please use a resident card, a driver's licence or a passport; foreign residents an alien registration card or a driver's licence. With any other document a branch will help you. Call centre 1588-0000"})
	ErrCardForm = fault.Define(3002, "id-card-form", fault.Invalid,
		fault.Text{KO: "신분증 정보 가운데 형식이 맞지 않는 항목이 있어요: {field}", EN: "Something about the identity document is not in the right form: {field}"},
		fault.Text{KO: "신분증에 적힌 그대로 다시 입력해 주세요. 날짜는 20200131처럼 적어요.", EN: "Please enter it exactly as printed. Dates look like 20200131."})
	ErrAccountForm = fault.Define(3003, "account-form", fault.Invalid,
		fault.Text{KO: "계좌번호나 계좌 비밀번호의 형식이 맞지 않아요.", EN: "The account number or its password is not in the right form."},
		fault.Text{KO: "계좌번호는 숫자 10~16자리, 비밀번호는 숫자 4자리로 입력해 주세요.", EN: "Please enter 10 to 16 digits for the account and 4 digits for its password."})
	ErrCodeForm = fault.Define(3004, "code-form", fault.Invalid,
		fault.Text{KO: "인증번호의 형식이 맞지 않아요.", EN: "The code is not in the right form."},
		fault.Text{KO: "숫자 6자리를 입력해 주세요.", EN: "Please enter the 6 digits."})
	ErrPictureFormat = fault.Define(3011, "picture-format", fault.Unsupported,
		fault.Text{KO: "신분증 사진을 읽을 수 없는 형식이에요.", EN: "The picture is in a format that can't be read here."},
		fault.Text{KO: "JPEG나 PNG 사진으로 다시 올려 주세요.", EN: "Please use a JPEG or PNG picture."})
	ErrPictureLarge = fault.Define(3012, "picture-too-large", fault.TooLarge,
		fault.Text{KO: "신분증 사진이 너무 커요.", EN: "The picture is too large."},
		fault.Text{KO: "8 MB, 4천만 화소 아래로 줄여서 다시 올려 주세요.", EN: "Please keep it under 8 MB and 40 megapixels."})
	ErrPictureSmall = fault.Define(3013, "picture-too-small", fault.Refused,
		fault.Text{KO: "신분증 사진이 작아서 글자를 알아볼 수 없어요.", EN: "The picture is too small to read the card."},
		fault.Text{KO: "짧은 쪽이 480화소가 넘게, 신분증이 화면에 꽉 차도록 다시 찍어 주세요.", EN: "Please take it again so that the card fills the frame; the shorter side needs at least 480 pixels."})
	ErrPictureBlank = fault.Define(3014, "picture-blank", fault.Refused,
		fault.Text{KO: "사진에 아무것도 보이지 않아요.", EN: "Nothing can be seen in the picture."},
		fault.Text{KO: "밝은 곳에서 렌즈를 가리지 않고 다시 찍어 주세요.", EN: "Please take it again in good light with the lens uncovered."})
	ErrPictureBroken = fault.Define(3015, "picture-broken", fault.Refused,
		fault.Text{KO: "사진 파일이 깨져 있어 열 수 없었어요.", EN: "The picture file is damaged and could not be opened."},
		fault.Text{KO: "신분증을 다시 찍어 올려 주세요.", EN: "Please take the picture again."})
)

// What the services found out about the card.
var (
	ErrCardMismatch = fault.Define(3201, "id-card-mismatch", fault.Refused,
		fault.Text{KO: "신분증이 진위확인에서 일치하지 않았어요.", EN: "The identity document could not be confirmed by its issuer."},
		fault.Text{KO: "번호와 이름, 발급일자를 신분증에서 다시 확인해 주세요. {left}번 더 틀리면 30분 동안 잠겨요. 계속 맞지 않으면 신분증을 가지고 영업점에 오시거나 고객센터로 전화해 주세요. 1588-0000", EN: "Please check number, name and date of issue on the card. After {left} more wrong tries this step is locked for 30 minutes. If it still doesn't match, bring the card to a branch or call 1588-0000."})
	ErrCardLost = fault.Define(3202, "id-card-lost", fault.Refused,
		fault.Text{KO: "분실 신고된 신분증이라서 신청을 끝냈어요.", EN: "This document has been reported lost, so the application was ended."},
		fault.Text{KO: "신고하신 적이 있으면 새 신분증으로 다시 신청하거나 영업점에 와 주세요. 신고하신 적이 없으면 바로 고객센터로 알려 주세요. 1588-0000", EN: "If you reported it yourself, apply again with your new document or come to a branch. If you did not, please call us at once: 1588-0000."})
	ErrCardExpired = fault.Define(3203, "id-card-expired", fault.Refused,
		fault.Text{KO: "유효기간이 지난 신분증이에요.", EN: "This document has expired."},
		fault.Text{KO: "유효한 다른 신분증으로 다시 해 주세요. 없으면 영업점에서 도와드려요. 고객센터 1588-0000", EN: "Please use another valid document. If you have none, a branch will help you. Call centre 1588-0000"})
	ErrCardUnreadable = fault.Define(3204, "id-card-unreadable", fault.Refused,
		fault.Text{KO: "사진에서 신분증을 알아볼 수 없었어요.", EN: "The document could not be read from the picture."},
		fault.Text{KO: "빛이 비치지 않게, 네 모서리가 모두 나오게 다시 찍어 주세요. 잘 안 되면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Please take it again without glare and with all four corners in the frame. If that doesn't work, bring the card to a branch. Call centre 1588-0000"})
	ErrNameDiffers = fault.Define(3205, "name-differs", fault.Refused,
		fault.Text{KO: "입력하신 이름이 은행에 등록된 이름과 달라요.", EN: "The name you entered differs from the one the bank has on record."},
		fault.Text{KO: "이름을 다시 확인해 주세요. {left}번 더 틀리면 30분 동안 잠겨요. 개명하셨으면 신분증을 가지고 영업점에서 이름을 먼저 바꿔 주세요. 고객센터 1588-0000", EN: "Please check the name. After {left} more wrong tries this step is locked for 30 minutes. If your name has changed, have it changed at a branch first; bring your identity document. Call centre 1588-0000"})
)

// What the core bank said about account and one-time password.
var (
	ErrAccountWrong = fault.Define(3301, "account-wrong", fault.Refused,
		fault.Text{KO: "계좌번호나 계좌 비밀번호가 맞지 않아요.", EN: "The account number or its password is not right."},
		fault.Text{KO: "본인 이름의 계좌인지 보고 다시 입력해 주세요. {left}번 더 틀리면 30분 동안 잠겨요. 비밀번호를 잊으셨으면 영업점에서 바꿀 수 있어요. 고객센터 1588-0000", EN: "Please check that the account is in your own name and try again. After {left} more wrong tries this step is locked for 30 minutes. A forgotten password can be changed at a branch. Call centre 1588-0000"})
	ErrAccountLocked = fault.Define(3302, "account-locked", fault.Refused,
		fault.Text{KO: "이 계좌는 비밀번호 오류로 거래가 정지되어 있어요.", EN: "This account is blocked because of wrong passwords."},
		fault.Text{KO: "다른 계좌로 하거나, 신분증을 가지고 영업점에서 계좌 비밀번호를 다시 정해 주세요. 고객센터 1588-0000", EN: "Please use another account, or bring your identity document to a branch and set a new account password. Call centre 1588-0000"})
	ErrOTPWrong = fault.Define(3401, "otp-wrong", fault.Refused,
		fault.Text{KO: "OTP 번호가 맞지 않아요.", EN: "The one-time password is not right."},
		fault.Text{KO: "OTP에 지금 보이는 6자리를 입력해 주세요. {left}번 더 틀리면 30분 동안 잠겨요. 고객센터 1588-0000", EN: "Please enter the 6 digits that your token shows now. After {left} more wrong tries this step is locked for 30 minutes. Call centre 1588-0000"})
	ErrOTPReplayed = fault.Define(3402, "otp-replayed", fault.Refused,
		fault.Text{KO: "이미 한 번 쓴 OTP 번호예요.", EN: "This one-time password has been used already."},
		fault.Text{KO: "30초쯤 기다려 번호가 바뀌면 새 번호를 입력해 주세요.", EN: "Please wait about 30 seconds and enter the next number."})
	ErrOTPLocked = fault.Define(3403, "otp-locked", fault.Refused,
		fault.Text{KO: "OTP가 잠겨 있어요.", EN: "Your one-time password token is locked."},
		fault.Text{KO: "신분증과 OTP를 가지고 영업점에서 풀어 주세요. 고객센터 1588-0000", EN: "Please have it unlocked at a branch; bring the token and your identity document. Call centre 1588-0000"})
	ErrOTPNone = fault.Define(3404, "otp-none", fault.Refused,
		fault.Text{KO: "등록된 OTP가 없어요.", EN: "No one-time password token is registered for you."},
		fault.Text{KO: "신분증을 가지고 영업점에서 OTP를 받거나, 영업점에서 바로 인증서를 신청해 주세요. 고객센터 1588-0000", EN: "Please get a token at a branch, or apply for the certificate there; bring your identity document. Call centre 1588-0000"})
)

// The code to the phone.
var (
	ErrCodeWrong = fault.Define(3501, "phone-code-wrong", fault.Refused,
		fault.Text{KO: "인증번호가 맞지 않아요.", EN: "The code is not right."},
		fault.Text{KO: "가장 나중에 받은 문자의 6자리를 입력해 주세요. {left}번 더 틀리면 30분 동안 잠겨요.", EN: "Please enter the 6 digits of the latest message. After {left} more wrong tries this step is locked for 30 minutes."})
	ErrCodeExpired = fault.Define(3502, "phone-code-expired", fault.Refused,
		fault.Text{KO: "인증번호의 유효시간 3분이 지났어요.", EN: "The code was valid for 3 minutes and has expired."},
		fault.Text{KO: "인증번호를 다시 받아 입력해 주세요.", EN: "Please have a new code sent and enter that."})
	ErrCodeNone = fault.Define(3503, "phone-code-none", fault.Conflict,
		fault.Text{KO: "아직 보낸 인증번호가 없어요.", EN: "No code has been sent yet."},
		fault.Text{KO: "먼저 인증번호 받기를 눌러 주세요.", EN: "Please have a code sent first."})
	ErrCodeSoon = fault.Define(3504, "phone-code-too-soon", fault.TooMany,
		fault.Text{KO: "방금 인증번호를 보냈어요.", EN: "A code was sent just now."},
		fault.Text{KO: "{seconds}초 뒤에 다시 받을 수 있어요. 문자가 안 오면 스팸함도 확인해 주세요.", EN: "You can have another one in {seconds} seconds. If no message arrives, please look in the spam folder."})
	ErrCodeMany = fault.Define(3505, "phone-code-too-many", fault.TooMany,
		fault.Text{KO: "이 신청에서는 인증번호를 5번까지 보낼 수 있고, 모두 보냈어요.", EN: "Up to 5 codes can be sent for one application, and all have been."},
		fault.Text{KO: "마지막 문자의 인증번호를 입력하거나, 이 신청을 취소하고 30분 뒤에 새로 신청해 주세요. 휴대폰 번호가 바뀌었으면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Please enter the code of the last message, or cancel this application and apply again in 30 minutes. If your phone number has changed, come to a branch with your identity document. Call centre 1588-0000"})
	ErrPhoneNone = fault.Define(3506, "phone-none", fault.Refused,
		fault.Text{KO: "은행에 등록된 휴대폰 번호가 없어요.", EN: "The bank has no mobile phone number of yours."},
		fault.Text{KO: "신분증을 가지고 영업점에서 번호를 등록하거나, 영업점에서 바로 인증서를 신청해 주세요. 고객센터 1588-0000", EN: "Please register a number at a branch, or apply for the certificate there; bring your identity document. Call centre 1588-0000"})
)

// ErrLocked says that a factor was failed too often.
var ErrLocked = fault.Define(3601, "factor-locked", fault.Locked,
	fault.Text{KO: "여러 번 맞지 않아서 이 단계를 잠시 잠갔어요.", EN: "This step is locked for a while because it was failed several times."},
	fault.Text{KO: "{until}(한국 시각)부터 이어서 할 수 있고, 지금까지 하신 것은 그대로 있어요. 급하면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "You can go on from {until} (Seoul time); what you have done so far is kept. If it is urgent, come to a branch with your identity document. Call centre 1588-0000"})

// ErrSendLocked says that too many codes were sent to a person's phone.
var ErrSendLocked = fault.Define(3602, "phone-code-locked", fault.Locked,
	fault.Text{KO: "인증번호를 여러 번 보내서 문자 발송을 잠시 멈췄어요.", EN: "Sending codes is paused because several have been sent."},
	fault.Text{KO: "{until}(한국 시각)부터 다시 받을 수 있어요. 이미 받은 번호는 3분 동안 쓸 수 있어요. 급하면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "You can have another one from {until} (Seoul time). A code that you have is valid for 3 minutes. If it is urgent, come to a branch with your identity document. Call centre 1588-0000"})
