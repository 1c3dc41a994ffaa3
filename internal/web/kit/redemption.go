package kit

import (
	"context"
	"errors"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

const (
	applicationKey = "application"
	generationKey  = "generation"
)

// Still says whether a generation of an application's redemptions is the last
// one (redeem.Service.Current).
type Still func(ctx context.Context, applicationID string, generation int64) (bool, error)

// ErrRedeemedElsewhere ends the right of a browser in which codes were entered.
var ErrRedeemedElsewhere = fault.Define(1016, "redeemed-elsewhere", fault.Unauthenticated,
	fault.Text{KO: "참조번호와 인가코드가 다른 곳에서 다시 쓰였거나 새로 나와서 여기서는 끝났어요.", EN: "The reference number and code were entered somewhere else, or new ones were handed out, so it is over here."},
	fault.Text{KO: "여기서 이어서 하려면 가장 나중에 받은 번호를 다시 넣어 주세요. 직접 하신 것이 아니면 바로 영업점에 알려 주세요. 1588-0000", EN: "To go on here, please enter the newest ones again. If that was not you, tell your branch at once: 1588-0000."})

var errNoStill = errors.New("kit: nobody knows which redemption is the last")

// Redeems lets a browser have one application by its codes as long as still says
// so: it is asked at each request of such a browser.
func (s *Sessions) Redeems(still Still) { s.still = still }

// BeginRedemption gives the browser one application, by the codes that were shown
// for it. As with Begin whatever session there was is over, also that of a
// customer: a browser is one thing at a time.
func (s *Sessions) BeginRedemption(ctx context.Context, applicationID string, generation int64) error {
	if s.still == nil {
		return errNoStill
	}
	if err := s.begin(ctx, applicationKey, applicationID); err != nil {
		return err
	}
	s.scs.Put(ctx, generationKey, generation)
	return nil
}

// Redemption is the application that the browser has by its codes, and the
// generation of that; empty when it has none.
func (s *Sessions) Redemption(ctx context.Context) (applicationID string, generation int64) {
	return s.scs.GetString(ctx, applicationKey), s.scs.GetInt64(ctx, generationKey)
}

func (s *Sessions) stillRedeems(ctx context.Context, application string, generation int64) (why, err error) {
	if s.still == nil {
		return nil, errNoStill
	}
	current, err := s.still(ctx, application, generation)
	if err != nil {
		return nil, ErrStoreDown.With(err)
	}
	if !current {
		return ErrRedeemedElsewhere, nil
	}
	return nil, nil
}

// Own gives what a caller is themselves, as the table of rights knows it and as
// the audit log names it: a person, or the application whose codes they showed.
func Own(caller authz.Caller) (authz.Object, string) {
	if caller.Role == authz.Redeemer {
		return authz.Object{Application: caller.ID}, "application:" + caller.ID
	}
	return authz.Object{Owner: caller.ID}, "subscriber:" + caller.ID
}
