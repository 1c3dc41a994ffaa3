package simulator

import (
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Standing is what the issuer says about a sample's document when its data is
// right.
type Standing string

// The standings.
const (
	Genuine    Standing = "genuine"
	Lost       Standing = "lost"
	Expired    Standing = "expired"
	Unreadable Standing = "unreadable" // its picture can't be made out
)

// Card is an identity document of a sample, as its issuer knows it.
type Card struct {
	Document      proofing.Document `json:"document"`
	Holder        string            `json:"holder,omitempty"` // who it is, where it is not the customer: "representative", "proxy"
	Number        string            `json:"number"`
	Name          string            `json:"name"`
	Birth         string            `json:"birth,omitempty"` // empty: the customer's
	IssueDate     string            `json:"issueDate"`
	Expires       string            `json:"expires,omitempty"`
	Licence       string            `json:"licence,omitempty"`
	LicenceSerial string            `json:"licenceSerial,omitempty"`
	MRZ           string            `json:"mrz,omitempty"` // of a passport: two lines
	Standing      Standing          `json:"standing"`
}

// Sample is one invented customer. All are demo data: identity numbers have
// check digits that no issued number has (each is five more, modulo ten, than
// the rule for residents or businesses says), phones, licences and accounts begin
// with what is assigned to nobody.
type Sample struct {
	Number          string          `json:"number"` // customer number
	Note            string          `json:"note"`   // what sort of customer this is
	LoginID         string          `json:"loginId"`
	Password        string          `json:"password"`
	Sort            subscriber.Sort `json:"sort"`
	Name            string          `json:"name"`
	RomanName       string          `json:"romanName"`
	IdentityNumber  string          `json:"identityNumber"`
	Birth           string          `json:"birth"`
	Phone           string          `json:"phone"`
	Mail            string          `json:"mail"`
	Branch          string          `json:"branch"` // that looks after them
	Deceased        bool            `json:"deceased"`
	Account         string          `json:"account"`
	AccountPassword string          `json:"accountPassword"`
	AccountLocked   bool            `json:"accountLocked"`
	OTPSecret       string          `json:"otpSecret"` // base32; empty: no token
	OTPLocked       bool            `json:"otpLocked"`
	Cards           []Card          `json:"cards"`
}

// Samples are the 20 sample customers; the first is the ordinary one. They are
// for reading: a Simulator works on a copy of its own.
var Samples = samples()

func samples() []Sample {
	return []Sample{
		person(1, "hong", "홍길동", "HONG GILDONG", "8503141000011", "19850314", "ordinary adult",
			resident("20190722"), licence("99-19-000001-00", "DEMO01", "20190311")),
		person(2, "kim", "김하늘", "KIM HANEUL", "9211022000029", "19921102", "has a driver's licence only",
			licence("99-12-000002-00", "DEMO02", "20220510")),
		person(3, "lee", "이여권", "LEE YEOGWON", "7907201000035", "19790720", "has a passport only",
			passport("M00000003", "20240105", "20340105")),
		person(4, "park", "박분실", "PARK BUNSIL", "9001012000046", "19900101", "resident card reported lost",
			Card{Document: proofing.ResidentCard, IssueDate: "20170830", Standing: Lost}),
		person(5, "choi", "최만료", "CHOI MANRYO", "6806051000054", "19680605", "passport expired, resident card genuine",
			expired(passport("M00000005", "20120402", "20220402")), resident("20150918")),
		person(6, "jung", "정흐림", "JUNG HEURIM", "9509092000066", "19950909", "resident card can't be read from its picture",
			Card{Document: proofing.ResidentCard, IssueDate: "20130912", Standing: Unreadable}),
		person(7, "kang", "강옛날", "KANG YETNAL", "8302282000076", "19830228", "changed her name; the bank has the old one",
			Card{Document: proofing.ResidentCard, Name: "강새롬", IssueDate: "20260302"}),
		person(8, "sample", "ALEXANDER JAMES SAMPLE", "ALEXANDER JAMES SAMPLE", "8804175000088", "19880417", "foreign resident",
			alien("20230619")),
		person(9, "nguyen", "NGUYEN VAN MAU", "NGUYEN VAN MAU", "0108237000095", "20010823", "foreign resident with a driver's licence",
			alien("20240220"), licence("99-24-000009-00", "DEMO09", "20240715")),
		person(10, "yoon", "윤새싹", "YOON SAESSAK", "1605053000107", "20160505", "child, under 14 until 2030"),
		person(11, "lim", "임푸름", "LIM PUREUM", "1009094000118", "20100909", "minor, 14 to 18 until 2029",
			resident("20260910")),
		//nolint:gosec // demo data, no credentials
		{Number: number(12), Note: "company", LoginID: "ingamco", Password: "ingamco-demo-2026", Sort: subscriber.Corporate,
			Name: "주식회사 인감상사", RomanName: "INGAM TRADING CO LTD", IdentityNumber: "0000000121", Phone: phone(12),
			Mail: "ingamco@example.com", Account: account(12), AccountPassword: "1212", OTPSecret: secret(12), Branch: branchOf(12),
			Cards: []Card{
				{Document: proofing.ResidentCard, Holder: "representative", Number: "7004151000218", Name: "오대표", Birth: "19700415",
					IssueDate: "20180306", Standing: Genuine},
				{Document: proofing.DriversLicence, Holder: "proxy", Number: "9112032000224", Name: "문대리", Birth: "19911203",
					IssueDate: "20211104", Licence: "99-21-000012-00", LicenceSerial: "DEMO12", Standing: Genuine},
			}},
		dead(person(13, "koh", "고인서", "KO INSEO", "5108151000136", "19510815", "deceased", resident("20050315"))),
		person(14, "han", "김하늘바다별빛나라초롱초롱고운우리강산이", "KIM HANEULBADABYEOLBITNARACHORONGCHORONGGOUNURIGANGSANI",
			"9912312000143", "19991231", "name of 20 letters", resident("20180115")),
		without(person(15, "moo", "무전화", "MOO JEONHWA", "6603101000156", "19660310", "no phone number on record",
			resident("20110420")), func(s *Sample) { s.Phone = "" }),
		without(person(16, "noh", "노오티", "NOH OTI", "7402262000168", "19740226", "no one-time password token",
			resident("20160607")), func(s *Sample) { s.OTPSecret = "" }),
		without(person(17, "jang", "장잠금", "JANG JAMGEUM", "8706301000176", "19870630", "account locked by wrong passwords",
			resident("20140811")), func(s *Sample) { s.AccountLocked = true }),
		person(18, "ohn", "오어른", "OH EOREUN", "4010092000183", "19401009", "elderly; resident card from 1999", resident("19991120")),
		without(person(19, "seo", "서잠김", "SEO JAMGIM", "0002294000195", "20000229", "token locked; born on a leap day",
			resident("20190301")), func(s *Sample) { s.OTPLocked = true }),
		person(20, "bae", "배불일", "BAE BULIL", "9311181000202", "19931118", "the issuer knows another name: never matches",
			Card{Document: proofing.ResidentCard, Name: "배불일치", IssueDate: "20210909"}),
	}
}

func number(n int) string  { return fmt.Sprintf("1000000%03d", n) }
func account(n int) string { return fmt.Sprintf("9990000%06d", n) }
func phone(n int) string   { return fmt.Sprintf("0100000%04d", n) }

// branchOf says which branch looks after a sample: mostly one.
func branchOf(n int) string {
	switch n {
	case 5, 14, 18:
		return "101"
	case 9, 16:
		return "215"
	case 19:
		return "" // the core bank names none
	}
	return "012"
}

// secret is the seed of a token: 20 bytes that say what they are.
func secret(n int) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(fmt.Appendf(nil, "INGAM DEMO OTP %05d", n))
}

func person(n int, login, name, roman, idn, birth, note string, cards ...Card) Sample {
	s := Sample{Number: number(n), Note: note, LoginID: login, Password: login + "-demo-2026", Sort: subscriber.Individual,
		Name: name, RomanName: roman, IdentityNumber: idn, Birth: birth, Phone: phone(n), Mail: login + "@example.com",
		Account: account(n), AccountPassword: fmt.Sprintf("12%02d", n), OTPSecret: secret(n), Branch: branchOf(n), Cards: cards}
	if idn[6] >= '5' && idn[6] <= '8' {
		s.Sort = subscriber.Foreigner
	}
	for i := range s.Cards {
		c := &s.Cards[i]
		if c.Name == "" {
			c.Name = name
		}
		if c.Number == "" {
			c.Number = idn
		}
		if c.Standing == "" {
			c.Standing = Genuine
		}
		if c.Document == proofing.Passport {
			c.MRZ = mrz(*c, s)
		}
	}
	return s
}

func resident(issued string) Card { return Card{Document: proofing.ResidentCard, IssueDate: issued} }
func alien(issued string) Card    { return Card{Document: proofing.AlienCard, IssueDate: issued} }
func licence(number, serial, issued string) Card {
	return Card{Document: proofing.DriversLicence, Licence: number, LicenceSerial: serial, IssueDate: issued}
}
func passport(number, issued, expires string) Card {
	return Card{Document: proofing.Passport, Number: number, IssueDate: issued, Expires: expires}
}
func expired(c Card) Card {
	c.Standing = Expired
	return c
}

// mrz gives the two lines at the foot of a sample's passport.
func mrz(c Card, s Sample) string {
	surname, given, _ := strings.Cut(s.RomanName, " ")
	sex := "M"
	if (s.IdentityNumber[6]-'0')%2 == 0 {
		sex = "F"
	}
	return proofing.MRZ{Document: "PM", Issuer: "KOR", Surname: surname, Given: given, Number: c.Number, Nationality: "KOR",
		Birth: s.Birth, Sex: sex, Expires: c.Expires}.String()
}

func dead(s Sample) Sample { return without(s, func(s *Sample) { s.Deceased = true }) }

func without(s Sample, change func(*Sample)) Sample {
	change(&s)
	return s
}
