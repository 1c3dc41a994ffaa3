package npki

// Kind is what a certificate may be used for, as the field names it. A person
// holds at most one valid certificate of a kind.
type Kind string

// The kinds of joint certificates.
const (
	PersonalBank     Kind = "personal-bank"     // 은행·신용카드·보험용
	PersonalGeneral  Kind = "personal-general"  // 범용개인
	CorporateBank    Kind = "corporate-bank"    // 기업뱅킹
	CorporateGeneral Kind = "corporate-general" // 범용기업
)
