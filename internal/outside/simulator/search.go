package simulator

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

type (
	searchQuestion struct {
		Name    string `json:"name"`
		Birth   string `json:"birth"`
		Phone   string `json:"phone"`
		Account string `json:"account"`
		Limit   int    `json:"limit"`
	}
	searchAnswer struct {
		RequestID string           `json:"requestId"`
		Customers []customerRecord `json:"customers"`
	}
)

func (a *searchAnswer) setRequestID(id string) { a.RequestID = id }

// maxFound is how many customers the core bank gives at most.
const maxFound = 21

func recordOf(c Sample) customerRecord {
	return customerRecord{CustomerNumber: c.Number, Sort: string(c.Sort), Name: c.Name, RomanName: c.RomanName,
		IdentityNumber: c.IdentityNumber, Birth: c.Birth, Phone: c.Phone, Mail: c.Mail, Branch: c.Branch, Deceased: c.Deceased}
}

// search finds customers by name and birth date (a business by its name alone),
// by phone or by account.
func (s *Simulator) search(_ *http.Request, body []byte) (int, any) {
	var q searchQuestion
	if err := read(body, &q); err != nil {
		return bad(err)
	}
	ways := 0
	for _, given := range []string{q.Name, q.Phone, q.Account} {
		if strings.TrimSpace(given) != "" {
			ways++
		}
	}
	if ways != 1 || q.Birth != "" && q.Name == "" || q.Limit < 1 || q.Limit > maxFound {
		return bad(errors.New("not one way to search, or limit is not 1 to 21"))
	}
	a := &searchAnswer{Customers: []customerRecord{}}
	for _, c := range s.Samples() {
		if len(a.Customers) < q.Limit && q.fits(c) {
			a.Customers = append(a.Customers, recordOf(c))
		}
	}
	return http.StatusOK, a
}

func (q searchQuestion) fits(c Sample) bool {
	switch {
	case q.Phone != "":
		return c.Phone == q.Phone
	case q.Account != "":
		return c.Account == q.Account
	}
	name := proofing.NameKey(q.Name)
	return c.Birth == q.Birth && (proofing.NameKey(c.Name) == name || proofing.NameKey(c.RomanName) == name)
}
