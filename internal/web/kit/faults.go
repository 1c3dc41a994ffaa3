package kit

import (
	"strconv"

	"github.com/ingam-pki/ingam/internal/fault"
)

// What every door refuses, whatever lies behind it.
var (
	ErrNoRoute = fault.Define(1001, "no-such-route", fault.NotFound,
		fault.Text{KO: "요청하신 주소에는 아무것도 없어요.", EN: "There is nothing at this address."},
		fault.Text{KO: "주소를 다시 확인해 주세요.", EN: "Please check the address."})
	ErrMethod = fault.Define(1002, "wrong-method", fault.Invalid,
		fault.Text{KO: "이 주소에서는 {method} 방식을 쓸 수 없어요.", EN: "This address does not take {method}."},
		fault.Text{KO: "쓸 수 있는 방식은 {allow}예요.", EN: "It takes {allow}."})
	ErrNoSession = fault.Define(1004, "not-logged-in", fault.Unauthenticated,
		fault.Text{KO: "로그인하지 않았거나 로그인 시간이 지났어요.", EN: "You are not logged in, or your session has ended."},
		fault.Text{KO: "다시 로그인해 주세요. 진행하던 신청은 그대로 남아 있어요.", EN: "Please log in again. What you had begun is kept."})
	ErrCrossOrigin = fault.Define(1005, "cross-origin", fault.Forbidden,
		fault.Text{KO: "다른 사이트의 화면에서 보낸 요청이라 받지 않았어요.", EN: "This request came from another site's page, so it was not accepted."},
		fault.Text{KO: "은행의 화면을 직접 열어 다시 시도해 주세요.", EN: "Please open the bank's own page and try again."})
	ErrTooMany = fault.Define(1006, "too-many-requests", fault.TooMany,
		fault.Text{KO: "짧은 시간에 요청이 너무 많았어요.", EN: "There were too many requests in a short time."},
		fault.Text{KO: "잠시 기다렸다가 다시 시도해 주세요.", EN: "Please wait a moment and try again."})
	ErrTooLarge = fault.Define(1007, "body-too-large", fault.TooLarge,
		fault.Text{KO: "보내신 내용이 너무 커요. 최대 {limit}까지 받을 수 있어요.", EN: "What was sent is too large; at most {limit} can be taken."},
		fault.Text{KO: "사진이라면 크기를 줄여서 다시 보내 주세요.", EN: "If it is a picture, please make it smaller and send it again."})
	ErrContentType = fault.Define(1008, "wrong-content-type", fault.Unsupported,
		fault.Text{KO: "보내신 내용의 형식을 읽을 수 없어요.", EN: "The body is not of a type that can be read here."},
		fault.Text{KO: "Content-Type을 {type}(으)로 해서 보내 주세요.", EN: "Please send it with the Content-Type {type}."})
	ErrMalformed = fault.Define(1009, "malformed-body", fault.Invalid,
		fault.Text{KO: "보내신 내용을 읽을 수 없어요. 올바른 JSON이 아니에요.", EN: "The body can't be read: it is not well-formed JSON."},
		fault.Text{KO: "내용을 확인하고 다시 보내 주세요.", EN: "Please check it and send it again."})
	ErrField = fault.Define(1010, "invalid-field", fault.Invalid,
		fault.Text{KO: "‘{field}’ 항목이 올바르지 않아요.", EN: "The field “{field}” is not right."},
		fault.Text{KO: "항목의 형식과 길이를 확인하고 다시 보내 주세요.", EN: "Please check its form and length and send it again."})
	ErrUnknownField = fault.Define(1011, "unknown-field", fault.Invalid,
		fault.Text{KO: "‘{field}’ 항목은 여기에서 쓰지 않아요.", EN: "There is no field “{field}” here."},
		fault.Text{KO: "항목의 이름을 확인하고 다시 보내 주세요.", EN: "Please check the field's name and send it again."})
	ErrMissingField = fault.Define(1012, "missing-field", fault.Invalid,
		fault.Text{KO: "‘{field}’ 항목이 빠졌어요.", EN: "The field “{field}” is missing."},
		fault.Text{KO: "항목을 채워서 다시 보내 주세요.", EN: "Please fill it in and send it again."})
	ErrBase64 = fault.Define(1014, "invalid-base64", fault.Invalid,
		fault.Text{KO: "base64로 보내신 항목을 풀 수 없어요.", EN: "A field that should be base64 can't be decoded."},
		fault.Text{KO: "표준 base64(채움 문자 ‘=’ 포함)로 다시 보내 주세요.", EN: "Please send it in standard base64 with padding."})
	ErrForm = fault.Define(1015, "malformed-form", fault.Invalid,
		fault.Text{KO: "보내신 내용을 읽을 수 없어요.", EN: "What was sent can't be read."},
		fault.Text{KO: "화면을 새로 열어 다시 입력해 주세요.", EN: "Please open the page anew and fill it in again."})
	ErrStoreDown = fault.Define(1013, "out-of-service", fault.Unavailable,
		fault.Text{KO: "지금은 은행의 저장소에 연결할 수 없어요.", EN: "The bank's records can't be reached right now."},
		fault.Text{KO: "진행하던 신청은 그대로 남아 있어요. 잠시 뒤 다시 시도해 주세요.", EN: "What you had begun is kept. Please try again in a moment."})
)

// sizeText says a size in bytes as a person would.
func sizeText(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n>>10, 10) + " KiB"
}
