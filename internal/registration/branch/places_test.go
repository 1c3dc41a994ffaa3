package branch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/internal/registration/branch"
)

func TestFind(t *testing.T) {
	t.Parallel()
	r := sample(t)
	for typed, want := range map[string][]string{
		"종로구":             {"서울특별시 종로구"},
		"종로":              {"서울특별시 종로구"},
		" 서울 종로구 ":        {"서울특별시 종로구"},
		"서울특별시종로구":        {"서울특별시 종로구"},
		"서울시 종로":          {"서울특별시 종로구"},
		"Jongno-gu":       {"서울특별시 종로구"},
		"jongno":          {"서울특별시 종로구"},
		"JONGNOGU, SEOUL": {"서울특별시 종로구"},
		"서울":              {"서울특별시"},
		"서울시":             {"서울특별시"},
		"seoul":           {"서울특별시"},
		"서울역":             {"서울특별시 서울역"},
		"Seoul station":   {"서울특별시 서울역"},
		"강남역":             {"서울특별시 강남역"},
		"부산":              {"부산광역시"},
		"부산역":             {"부산광역시 부산역"},
		"세종":              {"세종특별자치시"},
		"세종시":             {"세종특별자치시"},
		"제주도":             {"제주특별자치도"},
		"수원":              {"경기도 수원시"},
		"경기도 수원시":         {"경기도 수원시"},
		"수원 영통":           {"수원시 영통구"},
		"전남 목포":           {"전라남도 목포시"},
		"강원도 강릉시":         {"강원특별자치도 강릉시"},
		"고성":              {"강원특별자치도 고성군", "경상남도 고성군"},
		"광주":              {"광주광역시", "경기도 광주시"},
		"광주광역시":           {"광주광역시"},
		"중구":              {"서울특별시 중구", "부산광역시 중구", "대구광역시 중구", "인천광역시 중구", "대전광역시 중구", "울산광역시 중구"},
		"대구 중구":           {"대구광역시 중구"},
		"jung-gu":         {"서울특별시 중구", "부산광역시 중구", "대구광역시 중구", "인천광역시 중구", "대전광역시 중구", "울산광역시 중구"},
		"강서":              {"서울특별시 강서구", "부산광역시 강서구"},
		"홍대":              {"홍대지점"},
		"판교지점":            {"판교지점"},
		"서울특별시 종로구 세종대로 1": {"서울특별시 종로구"},
		"부산광역시 해운대구 어딘가 7": {"부산광역시 해운대구"},
	} {
		for _, form := range []string{typed, norm.NFD.String(typed)} {
			found, err := r.Find(form)
			var names []string
			for _, p := range found {
				names = append(names, p.Full().KO)
			}
			if err != nil || !slices.Equal(names, want) {
				t.Errorf("%q: %q %v, want %q", form, names, err, want)
			}
		}
	}
	for _, typed := range []string{"", " ", "--", "평양", "구", "nowhere at all", "중"} {
		if found, err := r.Find(typed); !errors.Is(err, branch.ErrPlace) {
			t.Errorf("%q: %v %v", typed, found, err)
		}
	}
	if _, err := r.Find(strings.Repeat("가", 61)); !errors.Is(err, branch.ErrLong) {
		t.Errorf("a long name: %v", err)
	}
}

// TestFullNamesAreUnambiguous: what a choice of several leads to is one place.
func TestFullNamesAreUnambiguous(t *testing.T) {
	t.Parallel()
	r := sample(t)
	all := r.Around(33, 124, 39, 132, branch.Area, branch.City, branch.District, branch.Station, branch.Office)
	if len(all) < 300 {
		t.Fatalf("%d places only", len(all))
	}
	for _, p := range all {
		for _, name := range []string{p.Full().KO, p.Full().EN} {
			if len([]rune(name)) > 60 {
				continue // an address in English may be longer than anybody types
			}
			found, err := r.Find(name)
			if err != nil || len(found) != 1 && p.Sort != branch.Area { // there are two Gwangju
				t.Errorf("%q: %v %v", name, found, err)
				continue
			}
			if far := branch.Distance(p.Latitude, p.Longitude, found[0].Latitude, found[0].Longitude); far > 25_000 {
				t.Errorf("%q leads to %q, %.0f m away", name, found[0].Full().KO, far)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	r, err := branch.Sample()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"중구", "서울 강남역", "Jung-gu", "\x00\xff", "가가가가가가가가가가가가가가가가가", "012"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found, err := r.Find(s)
		if (err == nil) != (len(found) > 0) || len(found) > 8 {
			t.Errorf("%q: %d places, %v", s, len(found), err)
		}
	})
}
