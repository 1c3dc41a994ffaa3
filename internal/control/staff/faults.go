package staff

import "github.com/ingam-pki/ingam/internal/fault"

// The refusals about accounts.
var (
	ErrNoAccount = fault.Define(7001, "staff-unknown", fault.NotFound,
		fault.Text{KO: "그런 직원 계정이 없어요.", EN: "There is no such account."},
		fault.Text{KO: "사번을 다시 확인하거나 목록에서 골라 주세요.", EN: "Please check the employee number, or choose from the list."})
	ErrTaken = fault.Define(7002, "staff-number-taken", fault.Conflict,
		fault.Text{KO: "이 사번으로 만든 계정이 이미 있어요.", EN: "Somebody has an account under this employee number already."},
		fault.Text{KO: "사번을 다시 확인해 주세요. 돌아온 직원이면 그 계정을 다시 켜 주세요.", EN: "Please check the number. If a colleague has come back, enable their account again."})
	ErrForm = fault.Define(7003, "staff-form", fault.Invalid,
		fault.Text{KO: "계정의 내용 가운데 맞지 않는 것이 있어요: {field}", EN: "Something about the account does not fit: {field}"},
		fault.Text{KO: "사번은 영문 대문자와 숫자 4~12자, 이름은 1~40자, 영업점은 창구직원과 책임자에게만 세 자리로 적어 주세요.",
			EN: "A number has 4 to 12 letters or digits, a name 1 to 40 characters; tellers and supervisors have a branch of three digits, others have none."})
	ErrNoBranch = fault.Define(7004, "staff-branch-unknown", fault.Invalid,
		fault.Text{KO: "{branch} 영업점이 없어요.", EN: "There is no branch {branch}."},
		fault.Text{KO: "지점 찾기에서 번호를 확인해 주세요.", EN: "Please look its number up among the branches."})
	ErrRoleGiving = fault.Define(7005, "staff-role-giving", fault.Forbidden,
		fault.Text{KO: "보안책임자와 운영자의 권한은 보안책임자만 주거나 거둘 수 있어요.", EN: "Only a security officer gives or takes the roles of security officer and operator."},
		fault.Text{KO: "보안책임자에게 맡겨 주세요.", EN: "Please ask a security officer to do it."})
	ErrLastOfficer = fault.Define(7006, "staff-last-officer", fault.Refused,
		fault.Text{KO: "일할 수 있는 보안책임자가 이 사람뿐이라 바꿀 수 없어요.", EN: "This is the only security officer who can act, so the account stays as it is."},
		fault.Text{KO: "다른 보안책임자를 먼저 초대해서 로그인하게 한 뒤 다시 해 주세요.", EN: "Please invite another security officer first; once they have logged in, do this again."})
	ErrState = fault.Define(7007, "staff-state", fault.Conflict,
		fault.Text{KO: "계정의 상태({state})로는 할 수 없어요.", EN: "The state of the account ({state}) does not allow this."},
		fault.Text{KO: "목록을 새로고침해서 지금 상태를 확인해 주세요.", EN: "Please reload the list and look how it stands now."})
	ErrDisabled = fault.Define(7008, "staff-disabled", fault.Forbidden,
		fault.Text{KO: "사용이 중지된 계정이에요.", EN: "This account is disabled."},
		fault.Text{KO: "다시 써야 하면 보안책임자에게 문의해 주세요.", EN: "If you need it again, please ask a security officer."})
	ErrNoCustomer = fault.Define(7009, "staff-customer-unknown", fault.Invalid,
		fault.Text{KO: "그런 고객번호를 가진 고객이 없어요.", EN: "There is no customer of this number."},
		fault.Text{KO: "직원 본인의 고객번호를 확인해서 다시 적거나, 고객이 아니면 비워 주세요.", EN: "Please check the employee's own customer number, or leave it empty if they are no customer."})
	// ErrTwice names the other account's employee number.
	ErrTwice = fault.Define(7010, "staff-customer-twice", fault.Conflict,
		fault.Text{KO: "이 고객은 사번 {number}의 계정을 이미 쓰고 있어요.", EN: "This customer has an account already, that of employee number {number}."},
		fault.Text{KO: "한 사람은 계정 하나만 쓸 수 있어요. 고객번호를 확인하거나, 쓰지 않는 계정을 먼저 중지해 주세요.", EN: "One person has one account. Please check the customer number, or disable the account that is not used first."})
)

// The refusals of sessions and codes.
var (
	ErrSessionOver = fault.Define(7021, "staff-session-over", fault.Unauthenticated,
		fault.Text{KO: "로그인이 끝났어요.", EN: "Your session is over."},
		fault.Text{KO: "다시 로그인해 주세요. 하던 업무는 저장된 데까지 남아 있어요.", EN: "Please log in again; your work is kept as far as it was saved."})
	ErrCode = fault.Define(7022, "staff-code-wrong", fault.Refused,
		fault.Text{KO: "사번이나 일회용 코드가 맞지 않아요.", EN: "The employee number or the one-time code is not right."},
		fault.Text{KO: "코드는 72시간 동안 한 번만 쓸 수 있어요. 받은 그대로 다시 입력하거나 보안책임자에게 새 코드를 요청해 주세요.",
			EN: "A code works once and for 72 hours. Please enter it as you got it, or ask a security officer for a new one."})
	ErrCodeLocked = fault.Define(7023, "staff-code-locked", fault.Locked,
		fault.Text{KO: "맞지 않는 코드가 여러 번 들어와서 {until}까지 받지 않아요.", EN: "Too many wrong codes came; no more are taken until {until}."},
		fault.Text{KO: "그 뒤에 다시 하거나, 급하면 보안책임자에게 연락해 주세요.", EN: "Please try again then. If it is urgent, call a security officer."})
)

// The refusals of passkeys.
var (
	ErrNoChallenge = fault.Define(7031, "staff-no-challenge", fault.Conflict,
		fault.Text{KO: "로그인을 시작한 지 오래됐거나 이미 끝났어요.", EN: "This was begun too long ago, or it is over already."},
		fault.Text{KO: "처음부터 다시 해 주세요.", EN: "Please begin again."})
	ErrPasskeyForm = fault.Define(7032, "staff-passkey-form", fault.Invalid,
		fault.Text{KO: "기기가 보낸 답을 읽을 수 없어요.", EN: "The answer of the device can't be read."},
		fault.Text{KO: "브라우저를 새로고침하고 다시 해 주세요.", EN: "Please reload the page and try again."})
	ErrPasskeyWrong = fault.Define(7033, "staff-passkey-wrong", fault.Unauthenticated,
		fault.Text{KO: "이 패스키로는 로그인할 수 없어요.", EN: "This passkey does not let you in."},
		fault.Text{KO: "다른 패스키를 고르거나 은행 계정으로 로그인해 주세요. 기기를 잃어버렸으면 보안책임자에게 알려 주세요.",
			EN: "Please choose another one, or log in by your bank account. If you lost a device, tell a security officer."})
	ErrPasskeyCopied = fault.Define(7034, "staff-passkey-copied", fault.Forbidden,
		fault.Text{KO: "복제된 것으로 보이는 패스키라서 받지 않았어요.", EN: "There seems to be a copy of this passkey, so it was not taken."},
		fault.Text{KO: "바로 보안책임자에게 알리고 새 초대를 받아 주세요.", EN: "Please tell a security officer at once and have yourself invited anew."})
	ErrPasskeyRefused = fault.Define(7035, "staff-passkey-refused", fault.Refused,
		fault.Text{KO: "이 기기의 패스키는 등록할 수 없어요.", EN: "The passkey of this device can't be added."},
		fault.Text{KO: "지문·얼굴·PIN으로 본인을 확인하는 기기에서 다시 해 주세요.", EN: "Please use a device that checks your fingerprint, face or PIN."})
	ErrPasskeyThere = fault.Define(7036, "staff-passkey-there", fault.Conflict,
		fault.Text{KO: "이미 등록된 패스키예요.", EN: "This passkey is registered already."},
		fault.Text{KO: "그대로 쓰면 돼요.", EN: "You can use it as it is."})
	ErrPasskeyMany = fault.Define(7037, "staff-passkey-many", fault.Refused,
		fault.Text{KO: "패스키는 10개까지 등록할 수 있어요.", EN: "You can have 10 passkeys at most."},
		fault.Text{KO: "쓰지 않는 것을 먼저 지워 주세요.", EN: "Please remove one that you don't use first."})
	ErrPasskeyUnknown = fault.Define(7038, "staff-passkey-unknown", fault.NotFound,
		fault.Text{KO: "그런 패스키가 없어요.", EN: "There is no such passkey."},
		fault.Text{KO: "목록을 새로고침해 주세요. 이미 지운 것일 수 있어요.", EN: "Please reload the list; it may be gone already."})
	ErrPasskeyName = fault.Define(7039, "staff-passkey-name", fault.Invalid,
		fault.Text{KO: "패스키의 이름으로 쓸 수 없어요.", EN: "This can't be the name of a passkey."},
		fault.Text{KO: "보이는 글자로 1~40자 안에서 정해 주세요.", EN: "Please choose 1 to 40 visible characters."})
	ErrPasskeyLast = fault.Define(7040, "staff-passkey-last", fault.Refused,
		fault.Text{KO: "하나 남은 패스키라서 지우면 로그인할 수 없게 돼요.", EN: "This is your only passkey: without it you could not log in any more."},
		fault.Text{KO: "다른 기기의 패스키를 먼저 등록해 주세요.", EN: "Please add one of another device first."})
	ErrPasskeyAddress = fault.Define(7041, "staff-passkey-address", fault.Refused,
		fault.Text{KO: "이 서비스의 주소에는 이름이 없어서 패스키를 쓸 수 없어요.", EN: "The service's address has no name, so passkeys can't be used."},
		fault.Text{KO: "운영자에게 설정의 url을 이름으로 바꿔 달라고 해 주세요.", EN: "Please ask the operator to set url to a name."})
)

// The refusals of the bank's own provider. Those of its answers are for
// whatever asks it: nobody else says what was wrong with a token.
var (
	ErrNoProvider = fault.Define(7051, "staff-no-provider", fault.NotFound,
		fault.Text{KO: "은행 계정 로그인은 여기에서 쓰지 않아요.", EN: "Logging in by a bank account is not in use here."},
		fault.Text{KO: "패스키로 로그인해 주세요.", EN: "Please log in by passkey."})
	ErrProviderDown = fault.Define(7052, "staff-provider-down", fault.Unavailable,
		fault.Text{KO: "은행 계정 로그인 서비스가 지금 답하지 않아요.", EN: "The service for bank accounts does not answer right now."},
		fault.Text{KO: "잠시 뒤 다시 하거나 패스키로 로그인해 주세요.", EN: "Please try again in a moment, or log in by passkey."})
	ErrProviderAnswer = fault.Define(7053, "staff-provider-answer", fault.Unauthenticated,
		fault.Text{KO: "은행 계정 로그인의 답을 확인할 수 없어서 로그인하지 않았어요.", EN: "What the service for bank accounts said could not be verified; you are not logged in."},
		fault.Text{KO: "처음부터 다시 해 주세요. 계속되면 운영자에게 알려 주세요.", EN: "Please begin again. If it goes on, tell the operator."})
	ErrProviderState = fault.Define(7054, "staff-provider-state", fault.Conflict,
		fault.Text{KO: "이 브라우저에서 시작한 로그인이 아니거나 시작한 지 오래됐어요.", EN: "This login was not begun in this browser, or too long ago."},
		fault.Text{KO: "로그인 화면에서 다시 시작해 주세요.", EN: "Please begin again at the login page."})
	ErrProviderCancelled = fault.Define(7055, "staff-provider-cancelled", fault.Refused,
		fault.Text{KO: "은행 계정 로그인을 마치지 않았어요.", EN: "The login by bank account was not finished."},
		fault.Text{KO: "다시 하거나 패스키로 로그인해 주세요.", EN: "Please try again, or log in by passkey."})
	ErrProviderStale = fault.Define(7056, "staff-provider-stale", fault.Unauthenticated,
		fault.Text{KO: "은행 계정에 로그인한 지 오래됐어요.", EN: "Your login at the bank account is too old."},
		fault.Text{KO: "은행 계정에서 로그아웃하고 다시 로그인해 주세요.", EN: "Please log out there, and in again."})
	ErrNobody = fault.Define(7057, "staff-nobody", fault.Forbidden,
		fault.Text{KO: "이 은행 계정으로 쓸 수 있는 직원 계정이 없어요.", EN: "There is no account here for this bank account."},
		fault.Text{KO: "여기에서 일해야 하면 보안책임자에게 초대를 요청해 주세요.", EN: "If you are to work here, please ask a security officer to invite you."})
	ErrOtherIdentity = fault.Define(7058, "staff-other-identity", fault.Forbidden,
		fault.Text{KO: "이 사번에는 다른 은행 계정이 연결되어 있어요.", EN: "This employee number belongs to another bank account."},
		fault.Text{KO: "은행 계정을 새로 받았으면 보안책임자에게 새 초대를 요청해 주세요.", EN: "If you got a new bank account, please have a security officer invite you anew."})
)
