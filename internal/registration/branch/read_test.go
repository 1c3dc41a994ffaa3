package branch_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/registration/branch"
)

// good is a file of one branch, before a test spoils it.
func good() map[string]any {
	return map[string]any{
		"branches": []any{map[string]any{
			"number": "012", "name": map[string]any{"ko": "종로지점", "en": "Jongno"},
			"address": map[string]any{"ko": "서울특별시 종로구", "en": "Jongno-gu, Seoul"}, "phone": "02-000-0012",
			"latitude": 37.57, "longitude": 126.98, "hours": map[string]any{"weekdays": "09:00-16:00", "sat": "10:00-24:00"},
			"services": []any{"certificates", "saturday"},
		}},
		"holidays": map[string]any{"until": "2030-12-31", "sources": []any{"ours"}, "days": []any{map[string]any{"day": "2030-01-01", "ko": "신정", "en": "New Year"}}},
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRead(t *testing.T) {
	t.Parallel()
	r, err := branch.Read(encode(t, good()))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := r.ByNumber("012")
	if b.Week[1] != (branch.Hours{From: 540, To: 960}) || b.Week[6].To != 1440 || b.Week[0] != (branch.Hours{}) {
		t.Errorf("week %v", b.Week)
	}
	if r.Holiday(at(t, "2030-01-01 12:00")).EN != "New Year" || r.Holiday(at(t, "2026-12-25 12:00")).EN != "" {
		t.Error("the file's own holidays do not count, or not alone")
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	first := func(field string, value any) func(map[string]any) {
		return func(f map[string]any) { f["branches"].([]any)[0].(map[string]any)[field] = value }
	}
	hours := func(name, span string) func(map[string]any) {
		return first("hours", map[string]any{name: span, "sat": "10:00-11:00"})
	}
	for want, spoil := range map[string]func(f map[string]any){
		"number: not three digits":                           first("number", "12"),
		"name.en: not 1 to 120":                              first("name", map[string]any{"ko": "종로", "en": ""}),
		"address.ko: not 1 to 120":                           first("address", map[string]any{"ko": strings.Repeat("가", 121), "en": "x"}),
		"address.en: not 1 to 120":                           first("address", map[string]any{"ko": "서울", "en": "two\nlines"}),
		"phone: not digits":                                  first("phone", "+82-2-000"),
		"phone: not digits and":                              first("phone", "-02-000-0012"),
		"latitude, longitude: missing":                       first("latitude", nil),
		"latitude, longitude: not in Korea":                  first("latitude", 126.98),
		`hours: monday: "09:00" does not read`:               first("hours", map[string]any{"monday": "09:00"}),
		`hours: "monday" is no day`:                          first("hours", map[string]any{"monday": "09:00-10:00"}),
		`mon: "9:00-16:00" does not read like 09:00-16:00`:   hours("mon", "9:00-16:00"),
		`mon: "16:00-09:00" does not read like 09:00-16:00`:  hours("mon", "16:00-09:00"),
		`mon: "09:00-24:01" does not read like 09:00-16:00`:  hours("mon", "09:00-24:01"),
		`mon: "09:60-10:00" does not read like 09:00-16:00`:  hours("mon", "09:60-10:00"),
		`mon: "-1:00-10:00" does not read like 09:00-16:00`:  hours("mon", "-1:00-10:00"),
		"hours: mon is among the weekdays already":           first("hours", map[string]any{"weekdays": "09:00-16:00", "mon": "10:00-11:00"}),
		`services: "sauna" is none of`:                       first("services", []any{"saturday", "sauna"}),
		`services: "saturday" stands twice`:                  first("services", []any{"saturday", "saturday"}),
		"services: saturday does not fit":                    first("services", []any{"certificates"}),
		`unknown field "colour"`:                             first("colour", "red"),
		"number: another branch has it":                      func(f map[string]any) { all := f["branches"].([]any); f["branches"] = append(all, all[0]) },
		"holidays.until":                                     func(f map[string]any) { f["holidays"].(map[string]any)["until"] = "soon" },
		"holidays.days[0]":                                   func(f map[string]any) { f["holidays"].(map[string]any)["until"] = "2029-12-31" },
		"there are 1001 branches, more than 1000":            func(f map[string]any) { f["branches"] = make([]map[string]any, 1001) },
		"holidays: there are 1001 days, more than 1000 days": nil,
	} {
		f := good()
		if spoil == nil {
			f["holidays"].(map[string]any)["days"] = make([]map[string]any, 1001)
			want = strings.TrimSuffix(want, " days")
		} else {
			spoil(f)
		}
		if _, err := branch.Read(encode(t, f)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	for want, raw := range map[string]string{
		"something follows": `{} {}`, "reading JSON": `{`, "larger than": strings.Repeat(" ", branch.MaxFile) + `{}`,
	} {
		if _, err := branch.Read([]byte(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	f := good() // all that is wrong is said at once
	first("number", "x")(f)
	first("phone", "x")(f)
	if _, err := branch.Read(encode(t, f)); err == nil || !strings.Contains(err.Error(), "number:") || !strings.Contains(err.Error(), "phone:") {
		t.Errorf("not all defects: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`{}`, `{"branches":[{"number":"012"}]}`, `{"branches":null,"holidays":{"until":"2028-12-31"}}`,
		`{"branches":[{"number":"012","name":{"ko":"가","en":"a"},"address":{"ko":"가","en":"a"},"phone":"02-000-0012","latitude":37,"longitude":127,"hours":{"mon":"09:00-16:00"},"services":[]}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := branch.Read(raw)
		if err != nil {
			return
		}
		for _, b := range r.All() {
			if !r.Branch(b.Number) || b.Name.KO == "" || b.Name.EN == "" || b.Latitude < 33 || b.Longitude > 132 {
				t.Errorf("taken as it should not be: %+v", b)
			}
			if _, err := r.Find(b.Name.KO); err != nil && len([]rune(b.Name.KO)) <= 60 && strings.ContainsAny(b.Name.KO, "가나다라마바사") {
				t.Errorf("%q is not found", b.Name.KO)
			}
		}
	})
}
