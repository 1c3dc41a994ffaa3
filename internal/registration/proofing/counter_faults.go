package proofing

import "github.com/ingam-pki/ingam/internal/fault"

// What a teller entered can't stand on such a document: no try is counted.
var (
	ErrCounterDocument = fault.Define(3021, "counter-document", fault.Refused,
		fault.Text{KO: "이 고객에게는 받을 수 없는 신분증 종류예요.", EN: "This kind of identity document can't be taken for this customer."},
		fault.Text{KO: "내국인은 주민등록증, 운전면허증, 여권, 외국인은 외국인등록증이나 운전면허증을 골라 주세요.", EN: "Choose a resident card, driver's licence or passport for Koreans, an alien registration card or driver's licence for foreigners."})
	ErrCounterNameForm = fault.Define(3022, "counter-name-form", fault.Invalid,
		fault.Text{KO: "이름이 비어 있거나 60자를 넘어요.", EN: "The name is empty or longer than 60 letters."},
		fault.Text{KO: "신분증에 적힌 이름을 그대로 입력해 주세요.", EN: "Enter the name as the document has it."})
	ErrNumberForm = fault.Define(3023, "identity-number-form", fault.Invalid,
		fault.Text{KO: "주민등록번호나 외국인등록번호는 숫자 13자리예요.", EN: "A resident or alien registration number has 13 digits."},
		fault.Text{KO: "빠지거나 더 들어간 숫자가 없는지 확인해 주세요.", EN: "Check for digits that are missing or too many."})
	ErrNumberDate = fault.Define(3024, "identity-number-date", fault.Invalid,
		fault.Text{KO: "등록번호 앞 6자리와 7번째 숫자가 가리키는 날짜가 없거나 오늘보다 뒤예요.", EN: "The first six digits of the number, with the century that the seventh says, are no day or one after today."},
		fault.Text{KO: "앞 6자리와 7번째 숫자를 신분증에서 다시 확인해 주세요.", EN: "Check the first six digits and the seventh against the card."})
	ErrNumberKind = fault.Define(3025, "identity-number-kind", fault.Invalid,
		fault.Text{KO: "등록번호의 7번째 숫자가 이 신분증과 맞지 않아요.", EN: "The seventh digit of the number does not go with this document."},
		fault.Text{KO: "주민등록증은 1~4, 9, 0이고 외국인등록증은 5~8이에요. 번호와 신분증 종류를 확인해 주세요.", EN: "It is 1 to 4, 9 or 0 on a resident card, 5 to 8 on an alien registration card. Check the number and the kind of document."})
	ErrNumberCheck = fault.Define(3026, "identity-number-check", fault.Invalid,
		fault.Text{KO: "등록번호의 마지막 검사숫자가 앞 12자리와 맞지 않아요.", EN: "The last digit of the number, its check digit, does not go with the 12 before it."},
		fault.Text{KO: "번호를 한 자리씩 다시 확인해 주세요. 2020년 10월 5일부터 발급된 신분증은 이 숫자를 검사하지 않으니 발급일자도 확인해 주세요.", EN: "Check the number digit by digit. It is not checked on cards issued from 5 October 2020 on, so check the date of issue, too."})
	ErrIssueDate = fault.Define(3027, "issue-date", fault.Invalid,
		fault.Text{KO: "발급일자가 날짜가 아니거나, 오늘보다 뒤거나 1950년보다 앞이에요.", EN: "The date of issue is no day, or after today or before 1950."},
		fault.Text{KO: "20200131처럼 8자리로 입력해 주세요.", EN: "Enter it with 8 digits, such as 20200131."})
	ErrIssueBeforeBirth = fault.Define(3028, "issue-before-birth", fault.Invalid,
		fault.Text{KO: "발급일자가 생년월일보다 앞이에요.", EN: "The date of issue is before the date of birth."},
		fault.Text{KO: "발급일자와 번호를 신분증에서 다시 확인해 주세요.", EN: "Check the date of issue and the number against the card."})
	ErrExpiryDate = fault.Define(3029, "expiry-date", fault.Invalid,
		fault.Text{KO: "만료일이 날짜가 아니거나 발급일자보다 뒤가 아니에요.", EN: "The date of expiry is no day, or not after the date of issue."},
		fault.Text{KO: "만료일과 발급일자를 8자리로 다시 입력해 주세요.", EN: "Enter the dates of expiry and of issue again, with 8 digits each."})
	ErrBirthDiffers = fault.Define(3030, "birth-differs", fault.Invalid,
		fault.Text{KO: "생년월일이 등록번호가 가리키는 날짜와 달라요.", EN: "The date of birth is not the one that the number says."},
		fault.Text{KO: "생년월일과 번호를 신분증에서 다시 확인해 주세요.", EN: "Check the date of birth and the number against the card."})
	ErrLicenceForm = fault.Define(3031, "licence-form", fault.Invalid,
		fault.Text{KO: "운전면허번호는 숫자 12자리예요.", EN: "A driver's licence number has 12 digits."},
		fault.Text{KO: "11-20-123456-78처럼 입력하고, 예전 면허증은 서울 20-123456-78처럼 지역명부터 입력해도 돼요.", EN: "Enter it as 11-20-123456-78; an old one may begin with the place in Hangul, as printed."})
	ErrLicenceRegion = fault.Define(3032, "licence-region", fault.Invalid,
		fault.Text{KO: "운전면허번호의 지역이 없는 지역이에요.", EN: "The driver's licence number begins with a region that there is not."},
		fault.Text{KO: "처음 두 자리는 11에서 28까지예요. 예전 면허증은 서울, 경기처럼 적힌 지역명을 입력해 주세요.", EN: "The first two digits are 11 to 28; for an old licence enter the place in Hangul, as printed."})
	ErrLicenceSerial = fault.Define(3033, "licence-serial", fault.Invalid,
		fault.Text{KO: "암호일련번호는 영문과 숫자 5~6자리예요.", EN: "The serial of a driver's licence is 5 or 6 letters and digits."},
		fault.Text{KO: "면허증 오른쪽 작은 사진 아래의 번호를 입력해 주세요.", EN: "Enter what stands below the small portrait on the right."})
	ErrPassportNumber = fault.Define(3034, "passport-number-form", fault.Invalid,
		fault.Text{KO: "우리나라 여권번호의 형식이 아니에요.", EN: "This is not how a Korean passport is numbered."},
		fault.Text{KO: "M12345678이나 M123A4567처럼 9자리예요. 여권을 다시 확인해 주세요.", EN: "It has 9 places, as M12345678 or M123A4567. Check the passport."})
	ErrForeignPassport = fault.Define(3035, "passport-foreign", fault.Refused,
		fault.Text{KO: "다른 나라 여권은 진위를 확인해 주는 곳이 없어서 받을 수 없어요.", EN: "Nobody here confirms passports of other countries, so this one can't be taken."},
		fault.Text{KO: "외국인등록증이나 운전면허증으로 확인해 주세요.", EN: "Use an alien registration card or a driver's licence."})
	ErrBusinessForm = fault.Define(3036, "business-number-form", fault.Invalid,
		fault.Text{KO: "사업자등록번호는 숫자 10자리예요.", EN: "A business registration number has 10 digits."},
		fault.Text{KO: "123-45-67890처럼 사업자등록증에 적힌 그대로 입력해 주세요.", EN: "Enter it as the certificate of registration has it, such as 123-45-67890."})
	ErrBusinessCheck = fault.Define(3037, "business-number-check", fault.Invalid,
		fault.Text{KO: "사업자등록번호의 마지막 검사숫자가 앞 9자리와 맞지 않아요.", EN: "The last digit of the business number, its check digit, does not go with the 9 before it."},
		fault.Text{KO: "번호를 한 자리씩 다시 확인해 주세요.", EN: "Check the number digit by digit."})
)

// The two lines at the foot of a passport.
var (
	ErrMRZMissing = fault.Define(3041, "mrz-missing", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 두 줄이 비어 있어요.", EN: "The two lines at the foot of the passport are missing."},
		fault.Text{KO: "판독기로 읽거나 두 줄을 그대로 입력해 주세요. 한 줄이 44자예요.", EN: "Read them with the scanner or type them as they are, 44 characters each."})
	ErrMRZLines = fault.Define(3042, "mrz-lines", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 줄은 44자씩 두 줄인데, {line}번째 줄이 {length}자예요.", EN: "There are two lines of 44 characters at the foot of a passport; line {line} has {length}."},
		fault.Text{KO: "빠진 글자를 채워 주세요. < 기호도 개수대로 입력해요.", EN: "Complete it; each < counts, too."})
	ErrMRZCharacter = fault.Define(3043, "mrz-character", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 {line}번째 줄의 {position}번째 글자가 있을 수 없는 글자예요. 여기에는 {expected}만 와요.", EN: "Character {position} of line {line} at the foot of the passport can't be there; this place takes {expected}."},
		fault.Text{KO: "숫자 0과 글자 O, 1과 I를 바꿔 넣지 않았는지 확인해 주세요.", EN: "Check whether 0 and O, or 1 and I, were mixed up."})
	ErrMRZCheck = fault.Define(3044, "mrz-check", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 {line}번째 줄에서 {field}의 검사숫자({position}번째 글자)가 맞지 않아요.", EN: "In line {line} at the foot of the passport, the check digit of the {field} (character {position}) is not right."},
		fault.Text{KO: "그 검사숫자와 앞의 글자를 여권과 하나씩 맞춰 보세요.", EN: "Compare that digit and the characters that it covers with the passport one by one."})
	ErrMRZFiller = fault.Define(3045, "mrz-filler", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 {line}번째 줄의 {position}번째부터 < 기호가 잘못된 자리에 있어요.", EN: "From character {position} on, line {line} at the foot of the passport has < where it can't be."},
		fault.Text{KO: "성과 이름 사이는 <<, 단어 사이는 <, 나머지는 줄 끝에 와요.", EN: "There is << between surname and given names, < between words; all others stand at the end of a field."})
	ErrMRZDate = fault.Define(3046, "mrz-date", fault.Invalid,
		fault.Text{KO: "여권 아래쪽 {line}번째 줄의 {position}번째부터 6자리가 날짜가 아니에요.", EN: "The six characters from {position} on in line {line} at the foot of the passport are no date."},
		fault.Text{KO: "여권과 맞춰 보고 다시 입력해 주세요.", EN: "Compare them with the passport and enter them again."})
	ErrMRZDiffers = fault.Define(3047, "mrz-differs", fault.Invalid,
		fault.Text{KO: "입력한 {field}이(가) 여권 아래쪽 두 줄과 달라요.", EN: "The {field} entered is not what the two lines at the foot of the passport say."},
		fault.Text{KO: "어느 쪽이 여권과 다른지 확인해 주세요.", EN: "Check which of them differs from the passport."})
)

// What came of asking, in words for a teller.
var (
	ErrIssuerSilent = fault.Define(3111, "issuer-silent", fault.Unavailable,
		fault.Text{KO: "신분증 진위확인 서비스가 지금 답하지 않아요.", EN: "The service that confirms identity documents does not answer at the moment."},
		fault.Text{KO: "입력한 내용은 그대로 있고 틀린 횟수에도 넣지 않았어요. 잠시 뒤 다시 확인해 주세요.", EN: "What was entered is kept and does not count as a wrong try. Please check again in a moment."})
	ErrCounterMismatch = fault.Define(3211, "counter-mismatch", fault.Refused,
		fault.Text{KO: "발급기관이 이 신분증을 확인해 주지 않았어요.", EN: "The issuer does not confirm this document."},
		fault.Text{KO: "번호와 이름, 발급일자, 암호일련번호를 신분증과 맞춰 보고 다시 입력해 주세요. {left}번 더 틀리면 이 접수 건은 30분 동안 잠겨요.", EN: "Compare number, name, date of issue and serial with the card and enter them again. After {left} more wrong tries this case is locked for 30 minutes."})
	ErrCounterLost = fault.Define(3212, "counter-lost", fault.Refused,
		fault.Text{KO: "분실 신고된 신분증이에요.", EN: "This document has been reported lost."},
		fault.Text{KO: "이 신분증으로는 처리하지 말고, 책임자에게 알린 뒤 다른 신분증으로 확인해 주세요.", EN: "Do nothing with it; tell a supervisor, and use another document."})
	ErrCounterExpired = fault.Define(3213, "counter-expired", fault.Refused,
		fault.Text{KO: "유효기간이 지난 신분증이에요.", EN: "This document has expired."},
		fault.Text{KO: "유효한 다른 신분증으로 확인해 주세요.", EN: "Use another document that is valid."})
	ErrCounterUnreadable = fault.Define(3214, "counter-unreadable", fault.Refused,
		fault.Text{KO: "발급기관이 첨부한 사진에서 신분증을 알아보지 못했어요.", EN: "The issuer can't make out the document in the picture."},
		fault.Text{KO: "다시 찍어 첨부하거나 사진 없이 확인해 주세요. {left}번 더 안 되면 이 접수 건은 30분 동안 잠겨요.", EN: "Attach another picture or check without one. After {left} more tries this case is locked for 30 minutes."})
	ErrCounterNumber = fault.Define(3215, "counter-number-differs", fault.Refused,
		fault.Text{KO: "신분증의 등록번호가 은행에 등록된 번호와 달라요.", EN: "The number on the card is not the one that the bank has on record."},
		fault.Text{KO: "번호와 고객을 다시 확인해 주세요. {left}번 더 틀리면 이 접수 건은 30분 동안 잠겨요. 번호가 바뀐 고객은 고객 정보부터 바꿔 주세요.", EN: "Check the number, and whether this is the customer. After {left} more wrong tries this case is locked for 30 minutes. If the customer's number has changed, change it on record first."})
	ErrCounterBirth = fault.Define(3216, "counter-birth-differs", fault.Refused,
		fault.Text{KO: "신분증의 생년월일이 은행에 등록된 생년월일과 달라요.", EN: "The date of birth is not the one that the bank has on record."},
		fault.Text{KO: "생년월일과 고객을 다시 확인해 주세요. {left}번 더 틀리면 이 접수 건은 30분 동안 잠겨요.", EN: "Check the date of birth, and whether this is the customer. After {left} more wrong tries this case is locked for 30 minutes."})
	ErrCounterName = fault.Define(3217, "counter-name-differs", fault.Refused,
		fault.Text{KO: "신분증의 이름이 은행에 등록된 이름과 달라요.", EN: "The name on the card is not the one that the bank has on record."},
		fault.Text{KO: "이름을 다시 확인해 주세요. {left}번 더 틀리면 이 접수 건은 30분 동안 잠겨요. 개명한 고객은 고객 정보의 이름부터 바꿔 주세요.", EN: "Check the name. After {left} more wrong tries this case is locked for 30 minutes. If the customer's name has changed, change it on record first."})
	ErrVisitorName = fault.Define(3218, "visitor-name-differs", fault.Refused,
		fault.Text{KO: "신분증의 이름이 접수할 때 적은 방문자 이름과 달라요.", EN: "The name on the card is not the visitor's as it was entered at the beginning."},
		fault.Text{KO: "이름을 다시 확인해 주세요. {left}번 더 틀리면 이 접수 건은 30분 동안 잠겨요. 방문자 이름을 잘못 적었으면 새로 접수해 주세요.", EN: "Check the name. After {left} more wrong tries this case is locked for 30 minutes. If the visitor's name was entered wrongly, open a new case."})
	ErrCounterLocked = fault.Define(3219, "counter-locked", fault.Locked,
		fault.Text{KO: "이 접수 건은 신분증 확인이 5번 맞지 않아서 잠시 잠갔어요.", EN: "The identity check of this case is locked for a while because it failed 5 times."},
		fault.Text{KO: "{until}(한국 시각)부터 다시 확인할 수 있어요. 그 전에는 책임자와 상의해 주세요.", EN: "It can be tried again from {until} (Seoul time). Until then, talk to a supervisor."})
)
