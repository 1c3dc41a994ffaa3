package wallet

import (
	"errors"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
)

// ruleTexts says each rule for a new password that can be broken.
var ruleTexts = map[npki.PasswordRule]fault.Text{
	npki.PasswordTooShort:  {KO: "10자보다 짧아요", EN: "it has fewer than 10 characters"},
	npki.PasswordNoLetter:  {KO: "영문자가 없어요", EN: "it has no letter"},
	npki.PasswordNoDigit:   {KO: "숫자가 없어요", EN: "it has no digit"},
	npki.PasswordNoSpecial: {KO: "특수문자가 없어요", EN: "it has no special character"},
	npki.PasswordForbidden: {KO: `쓸 수 없는 문자(' " \ |)가 있어요`, EN: `it has a character that is not allowed (' " \ |)`},
	npki.PasswordNotASCII:  {KO: "영문·숫자·특수문자가 아닌 글자가 있어요", EN: "it has something other than printable ASCII"},
}

// CheckNewPassword says whether a password may be set for a key, naming every
// rule that it breaks.
func CheckNewPassword(password []byte, lang string) error {
	err := npki.CheckPassword(password)
	if err == nil {
		return nil
	}
	var broken *npki.PasswordError
	if !errors.As(err, &broken) {
		return err
	}
	rules := make([]string, len(broken.Broken))
	for i, rule := range broken.Broken {
		rules[i] = ruleTexts[rule].In(lang)
	}
	return errPasswordRules.With(err, "rules", strings.Join(rules, ", "))
}
