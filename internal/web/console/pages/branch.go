package pages

import (
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// When is a moment as tables have it: the time alone when it is today.
func (d dressed) When(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	if d.Day(at) == d.Day(d.F.Now) {
		return sheets.Clock(at)
	}
	return d.Day(at) + " " + sheets.Clock(at)
}

// Day is a day as tables have it: 2027-03-14.
func (d dressed) Day(at time.Time) string { return at.In(seoul.Zone).Format("2006-01-02") }

// Left is how many days are left until a moment.
func (d dressed) Left(at time.Time) int { return seoul.DaysUntil(d.F.Now, at) }

// Keyed is a field with the key that leads to it.
func (d dressed) Keyed(key, name, value string, options ...string) keyed {
	return keyed{field: d.Field(name, value, options...), Key: key}
}

type keyed struct {
	field
	Key string
}

// Open says where an act is begun: the page that asks what is still to be asked.
func (a Act) Open(number string) string {
	to := "/console/customers/" + number + "/open?act=" + a.Name
	if a.Serial != "" {
		to += "&serial=" + a.Serial
	}
	return to
}
