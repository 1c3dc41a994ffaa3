package subscriber

import "github.com/ingam-pki/ingam/internal/fault"

// The refusals of the bank login and of the search for customers.
var (
	// ErrWrongLogin is the same for a login id that nobody has and for a
	// password that is wrong.
	ErrWrongLogin = fault.Define(2001, "login-wrong", fault.Unauthenticated,
		fault.Text{KO: "아이디나 비밀번호가 맞지 않아요.", EN: "The login id or the password is not right."},
		fault.Text{KO: "다시 확인해 주세요. 5번 틀리면 30분 동안 로그인이 잠겨요. 비밀번호를 잊으셨으면 고객센터나 영업점에서 다시 정할 수 있어요. 1588-0000", EN: "Please check both. After 5 wrong tries the login is locked for 30 minutes. A forgotten password can be set anew through the call centre or at a branch: 1588-0000"})
	ErrLoginLocked = fault.Define(2002, "login-locked", fault.Locked,
		fault.Text{KO: "여러 번 맞지 않아서 로그인을 잠시 잠갔어요.", EN: "This login is locked for a while because it was failed several times."},
		fault.Text{KO: "{until}(한국 시각)부터 다시 로그인할 수 있어요. 본인이 시도하지 않으셨거나 급하면 신분증을 가지고 영업점에 오시거나 고객센터로 전화해 주세요. 1588-0000", EN: "You can log in again from {until} (Seoul time). If it was not you, or if it is urgent, come to a branch with your identity document or call 1588-0000."})
	ErrLoginForm = fault.Define(2003, "login-form", fault.Invalid,
		fault.Text{KO: "쓸 수 없는 아이디나 비밀번호예요.", EN: "This login id or password can't be used."},
		fault.Text{KO: "아이디는 영문 소문자와 숫자, 점, 밑줄, 줄표로 3~40자, 비밀번호는 8~128자로 정해 주세요.", EN: "A login id has 3 to 40 lower-case letters, digits, dots, underscores or hyphens, a password 8 to 128 characters."})
	ErrNoCustomer = fault.Define(2004, "customer-unknown", fault.NotFound,
		fault.Text{KO: "은행 전산에서 고객 정보를 찾을 수 없어요.", EN: "The bank's core system has no such customer."},
		fault.Text{KO: "신분증을 가지고 가까운 영업점에 오시거나 고객센터로 전화해 주세요. 1588-0000", EN: "Please come to a branch with your identity document or call 1588-0000."})
	// ErrQueryForm is for staff: a search that is not one of the ways to search.
	ErrQueryForm = fault.Define(2005, "customer-query-form", fault.Invalid,
		fault.Text{KO: "이렇게는 고객을 찾을 수 없어요.", EN: "Customers can't be searched for in this way."},
		fault.Text{KO: "이름과 생년월일 8자리를 함께, 또는 휴대폰 번호나 계좌번호 하나를 입력해 주세요. 법인은 이름만으로 찾아요.", EN: "Enter a name together with the 8 digits of a birth date, or a phone number, or an account. A business is found by its name alone."})
)
