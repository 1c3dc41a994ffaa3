package gallery

import (
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/paper"
)

// printScenes are the papers of a case. What they say is put together by the
// pages themselves.
func printScenes(p *pages.Pages) []scene {
	form := func(lang, name string) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			return pages.Print{Frame: f, Paper: "form", Case: theCase, In: lang, Sheet: p.Form(applied(filedAs(lang, name)))}
		}
	}
	consent := func(lang string, signed bool) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			return pages.Print{Frame: f, Paper: "consent", Case: theCase, In: lang, Sheet: p.Consent(agreed(filedAs(lang, "홍길동"), signed))}
		}
	}
	slip := func(lang string, size paper.Size, code string) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			filed := filedAs(lang, "홍길동")
			filed.Size = size
			return pages.PrintSlip{Frame: f, Case: theCase, In: lang, Sealed: "sealed", Sheet: p.Slip(pages.SlipPaper{Filed: filed,
				Reference: "123-456-7890", Code: code, Phone: "010-****-5678", Until: now.Add(72 * time.Hour),
				Address: "https://bank.example/redeem", Server: "https://bank.example"})}
		}
	}
	const code = "7KQ4M-2XW9R-H5TBN-C8VEJ"
	return []scene{
		{"print", "form", "application form", form("ko", "홍길동")},
		{"print", "form-english", "application form with English", form("en", "NGUYEN THI HUONG")},
		{"print", "form-long-name", "a name of 60 letters", form("ko", strings.Repeat(longName, 3))},
		{"print", "consent", "the terms, to be signed", consent("ko", false)},
		{"print", "consent-signed", "the terms as they were signed, with English", consent("en", true)},
		{"print-slip", "a4", "both on paper", slip("ko", paper.A4, code)},
		{"print-slip", "english", "both on paper, in English", slip("en", paper.A4, code)},
		{"print-slip", "receipt", "on a roll", slip("ko", paper.Receipt, code)},
		{"print-slip", "sent", "the code was sent", slip("ko", paper.A4, "")},
		{"print-slip", "gone", "it was shown before", func(f pages.Frame) pages.View {
			return pages.PrintSlip{Frame: f, Case: theCase, Gone: true}
		}},
	}
}

const theCase = "K3ZQ7M2XW9RH5TBNC8VEJ4PDYA"

func filedAs(lang, name string) pages.Filed {
	f := pages.Filed{Lang: lang, Size: paper.A4, CallCentre: "1588-0000", Made: now, Case: theCase, Customer: name, Act: "issue", Kind: "personal-bank",
		Branch: pages.Branch{Number: "012", Name: "을지로지점", Address: "서울특별시 중구 을지로 79", Phone: "02-2262-0012"}}
	if lang == "en" {
		f.Branch.Name, f.Branch.Address = "Euljiro", "79 Eulji-ro, Jung-gu, Seoul"
	}
	for day := time.Monday; day <= time.Friday; day++ {
		f.Branch.Week[day] = pages.Hours{From: 9 * 60, To: 16 * 60}
	}
	return f
}

func applied(f pages.Filed) pages.FormPaper {
	return pages.FormPaper{Filed: f, Number: pages.Masked("9001011234567"), Visitor: "self", Document: "resident-card",
		Shown: []string{"identity-card", "application-form"}, Received: now.Add(-time.Hour), Teller: "김창구", Supervisor: "박책임"}
}

func agreed(f pages.Filed, signed bool) pages.ConsentPaper {
	text := "제1조 목적\n이 약관은 은행이 드리는 공동인증서비스의 이용 조건과 절차, 은행과 가입자의 권리와 의무를 정해요.\n\n" +
		"제2조 열쇠\n1. 열쇠는 가입자의 기기에서 만들어지고 은행은 가지지 않아요.\n2. 가입자는 열쇠와 비밀번호를 누구에게도 알려 주지 않아요.\n"
	english := "1. Purpose\nThese terms say how the bank's joint certificate service is used.\n\n2. The key\n- It is made on the subscriber's device; the bank has none.\n"
	return pages.ConsentPaper{Filed: f, Visitor: "self", Signed: signed, Terms: []pages.Agreement{
		{Title: "공동인증서비스 이용약관", Text: text, TitleEnglish: "Terms of the joint certificate service", TextEnglish: english,
			Version: "2026.2", SHA256: strings.Repeat("9f86d081884c7d65", 4), Required: true, Agreed: signed},
		{Title: "혜택·상품 안내 수신 동의", Text: "혜택과 상품을 문자와 메일로 안내해 드려요.\n", TitleEnglish: "Consent to receive offers", TextEnglish: "We send offers by message and mail.\n",
			Version: "2026.1", SHA256: strings.Repeat("2c26b46b68ffc68f", 4)}}}
}
