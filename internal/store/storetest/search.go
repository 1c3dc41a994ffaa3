package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
)

func testFindSubscribers(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var people []subscriber.Subscriber
	for n := range 5 {
		p := person(fmt.Sprint("s", n), fmt.Sprint(100009-n), fmt.Sprint("900101100000", n))
		p.Branch = "012"
		people = append(people, p)
	}
	people[1].Birth = "19900102"
	people[2].Phone, people[2].Branch = "", ""
	people[3].Name = "ANNA MARIA"
	people[4].Sort, people[4].Name, people[4].Birth, people[4].IdentityNumber, people[4].Phone = subscriber.Corporate, "홍길동", "", "0000000001", "0212345678"
	for _, p := range people {
		must(t, second(s.SaveSubscriber(ctx, p)))
	}
	find := func(name string, q subscriber.Query, limit int, want ...int) {
		t.Helper()
		var list []subscriber.Subscriber
		for _, n := range want {
			list = append(list, people[n])
		}
		got, err := s.FindSubscribers(ctx, q, limit)
		if diff := cmp.Diff(list, slices.Clip(got)); err != nil || diff != "" && len(list)+len(got) > 0 {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	birth, phone := people[0].Birth, people[0].Phone
	find("name and birth date, in order of customer number", subscriber.Query{Name: "홍길동", Birth: birth}, 21, 2, 0)
	find("no more than asked for", subscriber.Query{Name: "홍길동", Birth: birth}, 1, 2)
	find("none asked for", subscriber.Query{Name: "홍길동", Birth: birth}, 0)
	find("as a clerk would write it", subscriber.Query{Name: " 홍 길동", Birth: birth}, 21, 2, 0)
	find("decomposed", subscriber.Query{Name: "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc", Birth: birth}, 21, 2, 0)
	find("another birth date", subscriber.Query{Name: "홍길동", Birth: "19900102"}, 21, 1)
	find("a business has none", subscriber.Query{Name: "홍길동"}, 21, 4)
	find("small letters", subscriber.Query{Name: "anna maria", Birth: birth}, 21, 3)
	find("part of a name", subscriber.Query{Name: "홍길", Birth: birth}, 21)
	find("phone", subscriber.Query{Phone: phone}, 21, 3, 1, 0)
	find("no phone is nobody's", subscriber.Query{}, 21)
	find("an account", subscriber.Query{Account: "9990000000001"}, 21)
	find("a number that is somebody's name", subscriber.Query{Phone: people[0].CustomerNumber}, 21)
	find("what PostgreSQL or SQLite could take for more", subscriber.Query{Name: "' OR 1=1 --", Birth: birth}, 21)

	// What changes is found as it is now.
	people[0].Name, people[0].Phone = "홍길순", "01099999999"
	must(t, second(s.SaveSubscriber(ctx, people[0])))
	find("the new name", subscriber.Query{Name: "홍길순", Birth: birth}, 21, 0)
	find("the old name", subscriber.Query{Name: "홍길동", Birth: birth}, 21, 2)
	find("the new phone", subscriber.Query{Phone: "01099999999"}, 21, 0)
	find("the old phone", subscriber.Query{Phone: phone}, 21, 3, 1)
}
