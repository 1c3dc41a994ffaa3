package simulator

// notesKO say in Korean what Sample.Note says, by login id.
var notesKO = map[string]string{
	"hong": "보통 성인", "kim": "운전면허증만 있음", "lee": "여권만 있음", "park": "분실 신고된 주민등록증",
	"choi": "만료된 여권, 멀쩡한 주민등록증", "jung": "사진을 알아볼 수 없는 주민등록증", "kang": "개명했는데 은행에는 옛 이름",
	"sample": "외국인 고객", "nguyen": "운전면허증도 있는 외국인 고객", "yoon": "어린이, 2030년까지 만 14세 미만",
	"lim": "미성년자, 2029년까지 만 14~18세", "ingamco": "회사", "koh": "사망한 고객", "han": "20글자 이름",
	"moo": "등록된 전화번호 없음", "noh": "OTP 없음", "jang": "비밀번호 오류로 잠긴 계좌", "ohn": "고령, 1999년에 받은 주민등록증",
	"seo": "잠긴 OTP, 윤일에 태어남", "bae": "발급기관이 다른 이름을 알아서 늘 불일치",
}

// NoteIn says what sort of customer a sample is, in Korean or, for "en", in
// English.
func (s Sample) NoteIn(lang string) string {
	if note := notesKO[s.LoginID]; lang != "en" && note != "" {
		return note
	}
	return s.Note
}
