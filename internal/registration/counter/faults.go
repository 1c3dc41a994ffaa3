package counter

import "github.com/ingam-pki/ingam/internal/fault"

// Where a case stands.
var (
	ErrUnknown = fault.Define(2401, "case-unknown", fault.NotFound,
		fault.Text{KO: "접수 건을 찾을 수 없어요.", EN: "There is no such case."},
		fault.Text{KO: "업무함이나 고객 화면에서 다시 골라 주세요.", EN: "Please choose it from your queue or from the customer's page."})
	ErrChanged = fault.Define(2402, "case-changed", fault.Conflict,
		fault.Text{KO: "보는 동안 다른 직원이 이 건을 바꿨어요.", EN: "A colleague has changed this case meanwhile."},
		fault.Text{KO: "적은 내용은 그대로 있어요. 바뀐 내용을 확인하고 다시 해 주세요.", EN: "What you typed is kept. Please look at what has changed and do it again."})
	ErrColleague = fault.Define(2403, "case-at-colleague", fault.Conflict,
		fault.Text{KO: "다른 직원이 처리하고 있는 건이에요.", EN: "A colleague is working on this case."},
		fault.Text{KO: "이어서 하려면 먼저 ‘넘겨받기’를 해 주세요.", EN: "To go on with it yourself, please take it over first."})
	// ErrGoing names the case in its parameter "case".
	ErrGoing = fault.Define(2404, "case-going", fault.Conflict,
		fault.Text{KO: "이 고객의 같은 업무가 이미 접수되어 있어요.", EN: "A case for the same is already going for this customer."},
		fault.Text{KO: "그 건을 열어 이어서 하거나, 취소한 다음 새로 접수해 주세요.", EN: "Please open that one and go on with it, or withdraw it first."})
	ErrOver = fault.Define(2405, "case-over", fault.Conflict,
		fault.Text{KO: "이미 끝난 건이에요. ({state})", EN: "This case is over. ({state})"},
		fault.Text{KO: "필요하면 새로 접수해 주세요.", EN: "Please open a new one if it is needed."})
	ErrNotNow = fault.Define(2406, "case-elsewhere", fault.Conflict,
		fault.Text{KO: "지금 단계에서는 할 수 없는 일이에요. ({state})", EN: "This can't be done at this point of the case. ({state})"},
		fault.Text{KO: "건을 새로 불러와 지금 단계를 확인해 주세요. 제출한 건은 책임자가 돌려보내면 고칠 수 있어요.", EN: "Please reload the case and look where it stands. One that was submitted can be changed once a supervisor returns it."})
	ErrLapsed = fault.Define(2407, "case-lapsed", fault.Gone,
		fault.Text{KO: "처리 기한이 지나서 끝난 건이에요.", EN: "The time of this case was up, so it has ended."},
		fault.Text{KO: "고객이 원하면 새로 접수해 주세요.", EN: "Please open a new one if the customer still wants it."})
	ErrNeeds = fault.Define(2408, "case-incomplete", fault.Refused,
		fault.Text{KO: "아직 빠진 것이 있어요: {needs}", EN: "Something is still missing: {needs}"},
		fault.Text{KO: "빠진 것을 채운 다음 다시 제출해 주세요.", EN: "Please complete it, then submit again."})
)

// What a case is opened with.
var (
	ErrWish = fault.Define(2411, "case-form", fault.Invalid,
		fault.Text{KO: "접수 내용에 빠졌거나 맞지 않는 것이 있어요: {field}", EN: "Something is missing or does not fit: {field}"},
		fault.Text{KO: "그 칸을 확인하고 다시 접수해 주세요. 예외 발급의 사유는 5자에서 500자 사이로 적어요.", EN: "Please check that field. The reason of an exception has 5 to 500 characters."})
	ErrDeceased = fault.Define(2412, "customer-deceased", fault.Refused,
		fault.Text{KO: "사망한 것으로 등록된 고객이라 창구 업무를 접수할 수 없어요.", EN: "The bank's records say that this customer is dead, so no case can be opened."},
		fault.Text{KO: "인증서를 폐지해야 하면 고객번호와 인증서 일련번호를 전산 운영 담당자에게 알려 직권 폐지를 요청해 주세요.", EN: "If certificates have to be revoked, ask the operators for a revocation ex officio, with the customer's and the certificate's number."})
	ErrNoException = fault.Define(2413, "exception-not-needed", fault.Refused,
		fault.Text{KO: "이 종류의 인증서가 없는 고객이라 예외 발급이 필요 없어요.", EN: "The customer has no certificate of this kind, so no exception is needed."},
		fault.Text{KO: "일반 발급으로 접수해 주세요.", EN: "Please open a case for an ordinary issue."})
)

// The visitor's card.
var (
	// ErrServiceDown is a notice: the case waits, and goes on by itself.
	ErrServiceDown = fault.Define(2421, "case-waits", fault.Unavailable,
		fault.Text{KO: "신분증 진위확인 서비스가 답하지 않아서 확인을 기다리고 있어요.", EN: "The service that confirms identity documents does not answer; the case waits for it."},
		fault.Text{KO: "입력한 것은 그대로 있고, 서비스가 돌아오면 저절로 이어져요. 그동안 서류를 첨부하거나 다른 건을 처리해 주세요.", EN: "What you entered is kept, and the case goes on by itself when the service is back. Meanwhile, attach papers or go on with another case."})
	ErrCardEnds = fault.Define(2422, "case-card-lost", fault.Refused,
		fault.Text{KO: "분실 신고된 신분증이라서 이 건을 끝냈어요.", EN: "The card has been reported lost, so this case was ended."},
		fault.Text{KO: "신분증을 돌려주지 말고 책임자에게 바로 알려 주세요.", EN: "Please keep the card and tell a supervisor at once."})
	ErrFailedOften = fault.Define(2423, "case-failed-often", fault.Locked,
		fault.Text{KO: "신분증이 5번 확인되지 않아서 이 건은 책임자가 봐야 해요.", EN: "The card could not be confirmed five times, so a supervisor has to look at this case."},
		fault.Text{KO: "접수하지 않은 책임자가 확인하고 돌려보내면 다시 할 수 있어요.", EN: "It can be tried again once a supervisor who did not open the case has looked at it and returned it."})
)

// Search.
var (
	ErrQuery = fault.Define(2431, "search-form", fault.Invalid,
		fault.Text{KO: "찾을 조건이 모자라거나 형식이 맞지 않아요.", EN: "There is too little to search by, or it is not in the right form."},
		fault.Text{KO: "이름과 생년월일 8자리를 함께(기업은 이름만), 또는 휴대폰 번호, 계좌번호, 인증서 일련번호 가운데 하나를 넣어 주세요.", EN: "Please enter name and birth date (8 digits) together (a business: its name alone), or one of phone, account or serial number."})
	ErrManyHits = fault.Define(2432, "search-too-many", fault.Refused,
		fault.Text{KO: "찾은 고객이 20명을 넘어요.", EN: "More than 20 customers were found."},
		fault.Text{KO: "휴대폰 번호나 계좌번호처럼 더 자세한 조건으로 찾아 주세요.", EN: "Please search by something narrower, such as a phone or account number."})
	ErrManySearches = fault.Define(2433, "search-limit", fault.TooMany,
		fault.Text{KO: "한 시간에 할 수 있는 고객 조회 120번을 모두 했어요.", EN: "The 120 searches that one may make in an hour are used up."},
		fault.Text{KO: "{until}(한국 시각)부터 다시 할 수 있어요. 급하면 다른 직원에게 맡겨 주세요.", EN: "You can search again from {until} (Seoul time). If it is urgent, ask a colleague."})
	ErrWhy = fault.Define(2434, "reason-form", fault.Invalid,
		fault.Text{KO: "조회 사유는 5자에서 200자 사이로 적어요.", EN: "The reason has 5 to 200 characters."},
		fault.Text{KO: "업무상 왜 필요한지 적어 주세요. 이름이나 번호 같은 개인정보는 적지 말아 주세요. 그대로 기록에 남아요.", EN: "Please say why your work needs it. Write no names or numbers there: it stays on record as it is."})
	ErrManyLooks = fault.Define(2435, "look-limit", fault.TooMany,
		fault.Text{KO: "한 시간에 볼 수 있는 고객 화면 600번을 모두 봤어요.", EN: "The 600 looks at customers that one may take in an hour are used up."},
		fault.Text{KO: "{until}(한국 시각)부터 다시 볼 수 있어요. 급하면 다른 직원에게 맡겨 주세요.", EN: "You can look again from {until} (Seoul time). If it is urgent, ask a colleague."})
)

// Papers and their pictures.
var (
	ErrScanFormat = fault.Define(2441, "scan-format", fault.Unsupported,
		fault.Text{KO: "JPEG나 PNG가 아닌 파일이에요.", EN: "The file is neither JPEG nor PNG."},
		fault.Text{KO: "한 장씩 JPEG나 PNG로 스캔해서 다시 첨부해 주세요.", EN: "Please scan each page as JPEG or PNG and attach it again."})
	ErrScanLarge = fault.Define(2442, "scan-too-large", fault.TooLarge,
		fault.Text{KO: "그림이 너무 커요.", EN: "The picture is too large."},
		fault.Text{KO: "8 MB, 4천만 화소 아래로 다시 스캔해 주세요.", EN: "Please scan it again under 8 MB and 40 megapixels."})
	ErrScanSmall = fault.Define(2443, "scan-too-small", fault.Refused,
		fault.Text{KO: "그림이 작아서 글자를 알아볼 수 없어요.", EN: "The picture is too small to be read."},
		fault.Text{KO: "짧은 쪽이 480화소가 넘게 다시 스캔해 주세요.", EN: "Please scan it again; the shorter side needs at least 480 pixels."})
	ErrScanBlank = fault.Define(2444, "scan-blank", fault.Refused,
		fault.Text{KO: "그림에 아무것도 보이지 않아요.", EN: "Nothing can be seen in the picture."},
		fault.Text{KO: "종이를 뒤집어 놓지 않았는지 확인하고 다시 스캔해 주세요.", EN: "Please check that the paper lay the right way round and scan it again."})
	ErrScanBroken = fault.Define(2445, "scan-broken", fault.Refused,
		fault.Text{KO: "그림 파일이 깨져 있어 열 수 없었어요.", EN: "The picture file is damaged and could not be opened."},
		fault.Text{KO: "다시 스캔해서 첨부해 주세요.", EN: "Please scan it again."})
	ErrScanMany = fault.Define(2446, "scan-too-many", fault.Refused,
		fault.Text{KO: "한 건에는 그림을 12장까지 첨부할 수 있어요.", EN: "A case takes up to 12 pictures."},
		fault.Text{KO: "필요 없는 것을 지우고 다시 첨부해 주세요.", EN: "Please remove what is not needed, then attach it again."})
	ErrScanUnknown = fault.Define(2447, "scan-unknown", fault.NotFound,
		fault.Text{KO: "이 건에 그런 그림이 없어요.", EN: "There is no such picture in this case."},
		fault.Text{KO: "건을 새로 불러와 다시 골라 주세요.", EN: "Please reload the case and choose again."})
	ErrScanErased = fault.Define(2448, "scan-erased", fault.Gone,
		fault.Text{KO: "보관 기간이 지나서 지운 그림이에요.", EN: "This picture was erased when its time was up."},
		fault.Text{KO: "어떤 서류였는지와 파일의 해시값만 기록에 남아 있어요.", EN: "Only which paper it was and the file's hash are on record."})
	ErrPaper = fault.Define(2449, "paper-form", fault.Invalid,
		fault.Text{KO: "서류 종류나 서류 번호가 맞지 않아요.", EN: "The kind or number of the paper does not fit."},
		fault.Text{KO: "서류를 다시 고르고, 번호는 40자 안으로 적어 주세요.", EN: "Please choose the paper again; its number has up to 40 characters."})
)

// Deciding and what follows.
var (
	ErrVerdict = fault.Define(2451, "verdict-form", fault.Invalid,
		fault.Text{KO: "결정이 승인, 반려, 거절 가운데 하나가 아니에요.", EN: "The decision is none of approve, return and refuse."},
		fault.Text{KO: "다시 골라 주세요.", EN: "Please choose again."})
	ErrNote = fault.Define(2452, "note-form", fault.Invalid,
		fault.Text{KO: "사유는 5자에서 500자 사이로 적어요.", EN: "The note has 5 to 500 characters."},
		fault.Text{KO: "담당 직원이 무엇을 해야 할지 알 수 있게 적어 주세요.", EN: "Please write what your colleague needs to know to go on."})
	ErrNoCodes = fault.Define(2453, "case-without-codes", fault.Conflict,
		fault.Text{KO: "인증서를 새로 만드는 건이 승인되어야 참조번호와 인가코드를 낼 수 있어요. ({state})", EN: "Codes are handed out once a case that makes a certificate is approved. ({state})"},
		fault.Text{KO: "건의 지금 단계를 확인해 주세요.", EN: "Please look where the case stands."})
	ErrWithdrawApproved = fault.Define(2454, "case-approved", fault.Refused,
		fault.Text{KO: "승인된 건은 책임자만 취소할 수 있어요.", EN: "Only a supervisor can withdraw a case that was approved."},
		fault.Text{KO: "책임자에게 요청해 주세요.", EN: "Please ask a supervisor."})
)

// stateWords is how people read a state.
var stateWords = map[State]fault.Text{
	Open: {KO: "작성 중", EN: "open"}, Waiting: {KO: "진위확인 대기", EN: "waiting for the card check"},
	Submitted: {KO: "승인 대기", EN: "submitted"}, Approved: {KO: "승인됨", EN: "approved"}, Done: {KO: "완료", EN: "done"},
	Refused: {KO: "거절됨", EN: "refused"}, Withdrawn: {KO: "취소됨", EN: "withdrawn"}, Lapsed: {KO: "기한 지남", EN: "lapsed"},
}

// Word is how people read a state.
func (s State) Word() fault.Text { return stateWords[s] }

// in gives an occurrence of a fault that names a state.
func (s State) in(f *fault.Fault) error {
	return f.With(nil, "state", string(s)).Word("state", s.Word())
}
