package proofing

import (
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// FuzzCounterCard: what is found in form is in the form that the issuers take.
func FuzzCounterCard(f *testing.F) {
	f.Add("resident-card", "850314-1000011", "홍길동", "", "2019.07.22", "", "", "", "", "", false)
	f.Add("drivers-licence", "8503141000011", "홍길동", "19850314", "20190311", "20290311", "99-19-000001-00", "DEMO01", "", "", true)
	f.Add("passport", "", "이여권", "", "20240105", "", "", "", "PMKORLEE<<YEOGWON<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nM000000031KOR7907203M3401058<<<<<<<<<<<<<<<6", "kor", false)
	f.Add("alien-registration-card", "8804175000088", "ALEXANDER", "", "20230619", "", "", "", "", "", true)
	f.Fuzz(func(t *testing.T, document, number, name, birth, issued, expires, licence, serial, mrz, nation string, visitor bool) {
		s := New(Config{Now: func() time.Time { return today }, Invented: true})
		p := Person{IdentityNumber: "8503141000011", Foreigner: document == string(AlienCard)}
		if visitor {
			p = Person{}
		}
		c, born, err := s.readCounterCard(p, CounterCard{Document: document, Number: number, Name: name, Birth: birth, IssueDate: issued,
			Expires: expires, Licence: licence, LicenceSerial: serial, MRZ: mrz, Nationality: nation})
		if err != nil {
			if fault.Of(err).Fault == fault.Unexpected {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		if len(c.IssueDate) != 8 || len(born) != 8 || born > c.IssueDate || len(c.Expires) != 0 && (len(c.Expires) != 8 || c.Expires <= c.IssueDate) ||
			c.Channel != CounterChannel || NameKey(c.Name) == "" {
			t.Errorf("in form: %+v born %s", c, born)
		}
		want := map[Document]int{Passport: 9}[c.Document]
		if want == 0 {
			want = 13
		}
		if len(c.Number) != want || (c.Document == DriversLicence) != (len(c.Licence) == 12) || (c.Document == DriversLicence) != (len(c.LicenceSerial) >= 5) {
			t.Errorf("in form: %+v", c)
		}
	})
}
