package authz

import (
	"slices"

	"github.com/ingam-pki/ingam/internal/fault"
)

// condition says on which things a role may do an act. Conditions are joined
// by |: any of own, explained, every is enough; another and branch narrow.
type condition int

const (
	own       condition = 1 << iota // the object is the caller's own
	branch                          // it belongs to the caller's branch
	explained                       // it belongs to the caller's branch, or they have said why they need it
	another                         // somebody else made it
	every                           // any object
)

// Object is what an act is about, as far as conditions ask for it. Fields that
// don't apply are empty.
type Object struct {
	Owner       string // whose it is: a subscriber id, or a staff id for an account
	Application string // the application that it belongs to
	Branch      string // the branch that it belongs to, three digits
	Maker       string // id of who made it
	Explained   bool   // the caller has said why they need it, and that is on record
}

// ErrForbidden is the refusal of Allow. A stranger's object and one that does
// not exist look the same to a customer, so doors may show NotFound instead.
var ErrForbidden = fault.Define(1003, "forbidden", fault.Forbidden,
	fault.Text{KO: "이 작업을 할 수 있는 권한이 없어요.", EN: "You are not allowed to do this."},
	fault.Text{KO: "본인의 아이디로 로그인했는지 확인해 주세요.", EN: "Please check that you are logged in with your own id."})

// The refusals that say more. Each is an ErrForbidden, too.
var (
	// ErrOwnMatter refuses staff who would act on what is their own.
	ErrOwnMatter = fault.Define(1061, "own-matter", fault.Forbidden,
		fault.Text{KO: "본인에 관한 업무는 본인이 처리할 수 없어요.", EN: "Nobody handles their own matters here."},
		fault.Text{KO: "다른 직원에게 맡겨 주세요.", EN: "Please ask a colleague to do it."})
	// ErrMaker refuses whoever made a thing and would approve it, too.
	ErrMaker = fault.Define(1062, "own-approval", fault.Forbidden,
		fault.Text{KO: "본인이 접수하거나 올린 건은 본인이 승인할 수 없어요.", EN: "Nobody approves what they have made themselves."},
		fault.Text{KO: "다른 책임자에게 승인을 요청해 주세요.", EN: "Please ask another supervisor."})
	// ErrElsewhere refuses what belongs to another branch.
	ErrElsewhere = fault.Define(1063, "other-branch", fault.Forbidden,
		fault.Text{KO: "다른 영업점의 건이에요.", EN: "This belongs to another branch."},
		fault.Text{KO: "그 영업점에서 처리하거나, 이 영업점에서 새로 접수해 주세요.", EN: "It is handled there; or open a new case here."})
	// ErrUnexplained refuses a look at another branch's customer without a word why.
	ErrUnexplained = fault.Define(1064, "reason-needed", fault.Forbidden,
		fault.Text{KO: "다른 영업점에서 관리하는 고객이에요.", EN: "This customer is looked after by another branch."},
		fault.Text{KO: "조회하는 사유를 적으면 볼 수 있어요. 사유는 기록에 남아요.", EN: "Say why you need it to go on. The reason is kept on record."})
)

// Allow says whether a caller may do an act on something that owner owns
// (a subscriber id; empty when it is nobody's). The error is ErrForbidden.
func Allow(caller Caller, act Act, owner string) error {
	return AllowOn(caller, act, Object{Owner: owner})
}

// AllowOn says whether a caller may do an act on an object. The error is
// ErrForbidden, or one of those that say more and are ErrForbidden, too.
func AllowOn(caller Caller, act Act, o Object) error {
	c := table[act][caller.Role]
	if c == 0 {
		return ErrForbidden
	}
	mine := o.ownedBy(caller)
	if c&own != 0 && mine {
		return nil
	}
	if slices.Contains(Staff, caller.Role) && o.Owner != "" && (o.Owner == caller.ID || o.Owner == caller.Self) {
		return ErrOwnMatter.With(ErrForbidden)
	}
	if c&another != 0 && (o.Maker == "" || o.Maker == caller.ID) {
		return ErrMaker.With(ErrForbidden)
	}
	at := caller.Branch != "" && caller.Branch == o.Branch
	switch {
	case c&every != 0, c == another:
		return nil
	case c&branch != 0:
		if !at {
			return ErrElsewhere.With(ErrForbidden)
		}
		return nil
	case c&explained != 0:
		if !at && !o.Explained {
			return ErrUnexplained.With(ErrForbidden)
		}
		return nil
	}
	return ErrForbidden
}

// ownedBy says whether an object is the caller's own. What a redeemer has is
// the one application, not the person.
func (o Object) ownedBy(caller Caller) bool {
	if caller.ID == "" {
		return false
	}
	if caller.Role == Redeemer {
		return o.Application == caller.ID
	}
	return o.Owner == caller.ID
}

// May says whether a role may do an act on anything at all: what a door asks
// before it asks on what.
func May(role Role, act Act) bool { return table[act][role] != 0 }

// Known says whether an act stands in the table.
func Known(act Act) bool { return len(table[act]) > 0 }
