package portal

import (
	"errors"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// What only pages refuse.
var (
	errEmpty = fault.Define(1041, "field-empty", fault.Invalid,
		fault.Text{KO: "아직 비어 있는 칸이 있어요.", EN: "A field is still empty."},
		fault.Text{KO: "표시된 칸을 채우고 다시 눌러 주세요.", EN: "Please fill in the field that is marked and try again."})
	errLong = fault.Define(1042, "field-too-long", fault.Invalid,
		fault.Text{KO: "칸에 적은 내용이 너무 길어요.", EN: "What was entered in a field is too long."},
		fault.Text{KO: "표시된 칸을 다시 확인해 주세요.", EN: "Please check the field that is marked."})
	errNoPicture = fault.Define(1043, "picture-missing", fault.Invalid,
		fault.Text{KO: "신분증 사진이 아직 없어요.", EN: "There is no picture of the document yet."},
		fault.Text{KO: "신분증을 찍거나 사진 파일을 골라 주세요.", EN: "Please take a picture of it or choose a file."})
	errNoDocument = fault.Define(1044, "document-not-chosen", fault.Invalid,
		fault.Text{KO: "어떤 신분증인지 아직 고르지 않으셨어요.", EN: "The kind of document is not chosen yet."},
		fault.Text{KO: "가지고 계신 신분증을 하나 골라 주세요.", EN: "Please choose the document that you have."})
	errNoKindChosen = fault.Define(1045, "kind-not-chosen", fault.Invalid,
		fault.Text{KO: "어떤 인증서를 받을지 아직 고르지 않으셨어요.", EN: "The kind of certificate is not chosen yet."},
		fault.Text{KO: "목록에서 하나를 골라 주세요.", EN: "Please choose one from the list."})
	errNoSignature = fault.Define(1046, "signature-missing", fault.Invalid,
		fault.Text{KO: "확인할 서명이 아직 없어요.", EN: "There is no signature to check yet."},
		fault.Text{KO: "서명 파일을 고르거나, 서명을 글로 붙여 넣어 주세요.", EN: "Please choose a file with the signature, or paste it as text."})
)

// What only the page of a revocation refuses.
var (
	errNoReason = fault.Define(1047, "reason-not-chosen", fault.Invalid,
		fault.Text{KO: "왜 폐지하시는지 아직 고르지 않으셨어요.", EN: "The reason for the revocation is not chosen yet."},
		fault.Text{KO: "목록에서 하나를 골라 주세요. 말하고 싶지 않다고 고르셔도 돼요.", EN: "Please choose one from the list. “I'd rather not say” is one, too."})
	errNotSure = fault.Define(1048, "revocation-not-sure", fault.Invalid,
		fault.Text{KO: "되돌릴 수 없다는 것을 아직 확인하지 않으셨어요.", EN: "You have not confirmed yet that this can't be undone."},
		fault.Text{KO: "폐지하시려면 그 칸을 골라 주세요. 잠시만 못 쓰게 하려면 효력정지가 나아요.", EN: "To revoke, please tick that box. To stop the certificate for a while, a suspension is better."})
)

// cardFields are what proofing.ErrCardForm is about, as a customer says it.
var cardFields = map[string]*fault.Fault{
	"name": fault.Define(1051, "id-card-name-form", fault.Invalid,
		fault.Text{KO: "이름을 읽을 수 없어요.", EN: "The name can't be read."},
		fault.Text{KO: "신분증에 적힌 이름을 그대로 60자 안으로 입력해 주세요.", EN: "Please enter the name exactly as printed, in up to 60 letters."}),
	"number": fault.Define(1052, "id-card-number-form", fault.Invalid,
		fault.Text{KO: "번호의 자릿수가 맞지 않아요.", EN: "The number does not have the right length."},
		fault.Text{KO: "주민등록번호나 외국인등록번호는 숫자 13자리, 여권번호는 M12345678처럼 9자리예요.",
			EN: "A resident or alien registration number has 13 digits; a passport number has 9 characters, such as M12345678."}),
	"issueDate": fault.Define(1053, "id-card-date-form", fault.Invalid,
		fault.Text{KO: "발급일자가 없는 날짜이거나 아직 오지 않은 날이에요.", EN: "The date of issue is no date, or it is still to come."},
		fault.Text{KO: "신분증에 적힌 발급일자를 20200131처럼 입력해 주세요.", EN: "Please enter the date of issue as printed, such as 20200131."}),
	"licence": fault.Define(1054, "id-card-licence-form", fault.Invalid,
		fault.Text{KO: "운전면허번호의 자릿수가 맞지 않아요.", EN: "The licence number does not have the right length."},
		fault.Text{KO: "운전면허증에 적힌 숫자 12자리를 입력해 주세요. 다른 신분증이면 비워 두세요.",
			EN: "Please enter the 12 digits as printed on the licence. For any other document leave it empty."}),
}

// maxText is how many bytes of a text field are read; none of ours needs more.
const maxText = 400

// filled refuses the first field that has nothing in it, or far too much.
func filled(form kit.Form, names ...string) error {
	for _, name := range names {
		switch value := form.Get(name); {
		case strings.TrimSpace(value) == "":
			return errEmpty.With(nil, "field", name)
		case len(value) > maxText:
			return errLong.With(nil, "field", name)
		}
	}
	return nil
}

// fields says which field of its page a refusal is about.
var fields = []struct {
	name   string
	faults []*fault.Fault
}{
	{"password", []*fault.Fault{subscriber.ErrWrongLogin, proofing.ErrAccountWrong}},
	{"loginId", []*fault.Fault{subscriber.ErrLoginForm}},
	{"document", []*fault.Fault{proofing.ErrDocument, proofing.ErrCardExpired, errNoDocument}},
	{"number", []*fault.Fault{proofing.ErrCardMismatch}},
	{"name", []*fault.Fault{proofing.ErrNameDiffers}},
	{"image", []*fault.Fault{proofing.ErrCardUnreadable, proofing.ErrPictureFormat, proofing.ErrPictureLarge,
		proofing.ErrPictureSmall, proofing.ErrPictureBlank, proofing.ErrPictureBroken, errNoPicture}},
	{"account", []*fault.Fault{proofing.ErrAccountForm, proofing.ErrAccountLocked}},
	{"reference", []*fault.Fault{redeem.ErrReferenceForm}},
	{"code", []*fault.Fault{redeem.ErrCodeForm, redeem.ErrWrong, proofing.ErrOTPWrong, proofing.ErrOTPReplayed, proofing.ErrCodeForm, proofing.ErrCodeWrong,
		proofing.ErrCodeExpired, lifecycle.ErrCodeForm, lifecycle.ErrCodeWrong}},
	{"kind", []*fault.Fault{enrolment.ErrKind, enrolment.ErrNotOnline, enrolment.ErrCorporate, enrolment.ErrPerson, errNoKindChosen}},
	{"terms", []*fault.Fault{enrolment.ErrConsentMissing, enrolment.ErrConsentOld, enrolment.ErrConsentUnknown}},
	{"signature", []*fault.Fault{errNoSignature}},
	{"reason", []*fault.Fault{errNoReason, ca.ErrReason}},
	{"since", []*fault.Fault{lifecycle.ErrInvalidity}},
	{"sure", []*fault.Fault{errNotSure}},
	{"channels", []*fault.Fault{notice.ErrNoChannel, notice.ErrNoAddress}},
}

// fieldOf is the name of the field that a refusal is about, or empty.
func fieldOf(err error) string {
	occurrence := fault.Of(err)
	if field := occurrence.Params["field"]; field != "" {
		return field
	}
	for _, f := range fields {
		for _, definition := range f.faults {
			if errors.Is(err, definition) {
				return f.name
			}
		}
	}
	return ""
}
