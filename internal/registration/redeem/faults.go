package redeem

import "github.com/ingam-pki/ingam/internal/fault"

// What was typed.
var (
	ErrReferenceForm = fault.Define(2501, "reference-form", fault.Invalid,
		fault.Text{KO: "참조번호를 잘못 옮겨 적으신 것 같아요.", EN: "The reference number seems to be mistyped."},
		fault.Text{KO: "종이에 적힌 숫자 10자리를 다시 확인해 주세요.", EN: "Please compare all 10 digits with your slip."})
	ErrCodeForm = fault.Define(2502, "authorization-code-form", fault.Invalid,
		fault.Text{KO: "인가코드를 잘못 옮겨 적으신 것 같아요.", EN: "The authorization code seems to be mistyped."},
		fault.Text{KO: "20자리를 다섯 글자씩 다시 확인해 주세요. 틀린 횟수로 세지는 않았어요.", EN: "Please compare all 20 characters, five at a time. This did not count as a wrong try."})
)

// What came of a pair. ErrWrong is the one answer to who has not shown the right
// code; the others are for who has.
var (
	ErrWrong = fault.Define(2511, "codes-wrong", fault.Refused,
		fault.Text{KO: "이 참조번호와 인가코드로 받을 수 있는 인증서가 없어요.", EN: "There is no certificate to fetch with this reference number and code."},
		fault.Text{KO: "두 번호를 다시 확인해 주세요. 다섯 번 틀리면 쓸 수 없게 되고, 그때는 영업점에서 새로 받으셔야 해요. 고객센터 1588-0000", EN: "Please check both. After five wrong codes they stop working, and the branch has to hand out new ones. Call centre 1588-0000"})
	ErrLocked = fault.Define(2512, "codes-locked", fault.Locked,
		fault.Text{KO: "맞지 않는 번호가 여러 번 들어와서 이 연결에서는 {until}까지 받지 않아요.", EN: "Too many wrong numbers came from this connection; no more are taken until {until}."},
		fault.Text{KO: "그 뒤에 다시 하거나 다른 연결(예: 휴대폰 데이터)로 해 주세요. 급하면 영업점에 물어봐 주세요. 1588-0000", EN: "Please try again then, or use another connection (such as mobile data). If it is urgent, ask your branch: 1588-0000."})
	ErrSpent = fault.Define(2513, "codes-spent", fault.Gone,
		fault.Text{KO: "이미 인증서를 받는 데 쓴 참조번호와 인가코드예요.", EN: "This reference number and code have been used: their certificate is issued."},
		fault.Text{KO: "받은 기기에서 인증서를 찾아보세요. 없으면 ‘내 인증서’나 영업점에서 재발급을 받아 주세요. 받으신 적이 없으면 바로 분실 신고를 해 주세요. 1588-0000", EN: "Please look on the device that you used. If it is not there, have it reissued online or at a branch. If it was not you who fetched it, report the loss at once: 1588-0000."})
	ErrExpired = fault.Define(2514, "codes-expired", fault.Gone,
		fault.Text{KO: "참조번호와 인가코드의 기간이 지났어요.", EN: "The time of this reference number and code is over."},
		fault.Text{KO: "신분증을 가지고 영업점에서 다시 신청해 주세요. 고객센터 1588-0000", EN: "Please come to a branch again with your identity document. Call centre 1588-0000"})
	ErrReplaced = fault.Define(2515, "codes-replaced", fault.Gone,
		fault.Text{KO: "그 뒤에 새로 받으신 참조번호와 인가코드가 있어요.", EN: "You have been given a newer reference number and code since."},
		fault.Text{KO: "가장 나중에 받은 것을 넣어 주세요. 새로 받으신 적이 없으면 영업점에 물어봐 주세요. 1588-0000", EN: "Please use the newest ones. If you were given none, ask your branch: 1588-0000."})
	ErrDead = fault.Define(2516, "codes-dead", fault.Gone,
		fault.Text{KO: "인가코드가 다섯 번 틀려서 쓸 수 없게 된 번호예요.", EN: "These stopped working after five wrong codes."},
		fault.Text{KO: "신청한 영업점에서 새로 받아 주세요. 신청은 그대로 있어요. 고객센터 1588-0000", EN: "Please ask your branch for new ones; your application is kept. Call centre 1588-0000"})
)

// Handing out.
var (
	ErrNoPhone = fault.Define(2521, "codes-no-phone", fault.Refused,
		fault.Text{KO: "은행에 등록된 휴대폰 번호가 없어서 인가코드를 보낼 수 없어요.", EN: "The bank knows no phone to which the code could be sent."},
		fault.Text{KO: "종이로 출력하거나, 휴대폰 번호를 등록한 다음 다시 해 주세요.", EN: "Please print it, or have the phone number entered first."})
	ErrMany = fault.Define(2522, "codes-many", fault.TooMany,
		fault.Text{KO: "이 신청의 참조번호와 인가코드를 24시간 동안 낼 수 있는 만큼 모두 냈어요.", EN: "As many codes as can be handed out for an application in 24 hours have been."},
		fault.Text{KO: "내일 다시 하거나, 이 건을 취소하고 새로 접수해 주세요.", EN: "Please do it tomorrow, or withdraw the case and open a new one."})
	ErrWay = fault.Define(2523, "codes-way", fault.Invalid,
		fault.Text{KO: "인가코드를 전하는 방법이 아니에요.", EN: "That is not a way to hand out a code."},
		fault.Text{KO: "종이(print)나 문자(message) 가운데 골라 주세요.", EN: "Please choose paper (print) or message (message)."})
	ErrNumbers = fault.Define(2524, "references-used-up", fault.Unavailable,
		fault.Text{KO: "빈 참조번호를 찾지 못했어요.", EN: "No free reference number was found."},
		fault.Text{KO: "잠시 뒤 다시 해 주세요.", EN: "Please try again in a moment."})
)
