package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/api"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/responder"
)

// build makes the services of a desk and the handler of all faces.
func (s *Server) build() (http.Handler, error) {
	if err := s.buildRegistration(); err != nil {
		return nil, err
	}
	if err := s.buildVerification(); err != nil {
		return nil, err
	}
	s.buildSender()
	var err error
	if s.branches, err = s.config.Branches(); err != nil {
		return nil, err
	}
	s.responder, err = status.NewResponder(status.ResponderConfig{
		Issuer: s.desk.files.issuing, Signer: s.desk.files.ocsp, Key: s.desk.files.ocspKey,
		Lasts: s.config.Status.OCSPLasts, Now: s.options.Now,
	}, s.desk.Store)
	if err != nil {
		return nil, ErrKeys.With(err, "data", s.config.Data)
	}
	s.sessions = s.desk.Store.Sessions(s.options.Now)
	if err := s.buildStaff(); err != nil {
		return nil, err
	}
	s.counter.Names = s.staff
	vouching, err := s.vouching()
	if err != nil {
		return nil, err
	}
	customers, files, err := s.customers()
	if err != nil {
		return nil, err
	}
	desks, err := s.console(files)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case responder.Serves(r.URL.Path):
			vouching.ServeHTTP(w, r)
		case console.Serves(r.URL.Path):
			desks.ServeHTTP(w, r)
		default:
			customers.ServeHTTP(w, r)
		}
	}), nil
}

// buildRegistration makes what decides who gets a certificate.
func (s *Server) buildRegistration() error {
	db, log, now := s.desk.Store, s.desk.Audit, s.options.Now
	bank := corebank.Client{Client: s.world.corebank}
	s.proofs = proofing.New(proofing.Config{
		Tx: db, Counter: db, Locks: db, Cards: idcheck.Client{Client: s.world.idcheck}, Accounts: bank, OTPs: bank,
		Messages: message.Client{Client: s.world.message},
		Index:    s.desk.Ring.Index, Now: now, Bank: s.config.Bank.Title, Invented: s.demo,
	})
	var err error
	s.subscribers, err = subscriber.New(subscriber.Config{
		Tx: db, Register: db, Logins: db, Counter: db, Customers: bank, Log: log, Index: s.desk.Ring.Index, Now: now,
	})
	if err != nil {
		return fmt.Errorf("building subscribers: %w", err)
	}
	life := s.desk.lifecycle()
	life.Prover, life.Subscribers = s.proofs, s.subscribers
	s.lifecycle = lifecycle.New(life)
	s.enrolment, err = enrolment.New(enrolment.Config{
		Register: db, Overdue: db, Subscribers: s.subscribers, Prover: s.proofs, Phones: s.proofs,
		Authority: s.desk.Authority, Certificates: db, Exceptions: s.lifecycle, Profiles: s.desk.policy.profiles,
		Log: log, Now: now,
		Online: s.config.Enrolment.Online, MinBits: s.config.Enrolment.MinBits, CAName: s.config.Authority.Name,
	})
	if err != nil {
		return fmt.Errorf("building enrolment: %w", err)
	}
	s.redemptions = redeem.New(redeem.Config{
		Tx: db, Pairs: db, Register: db, Enrolment: s.enrolment, Counter: db,
		Messages: message.Client{Client: s.world.message},
		Log:      log, Index: s.desk.Ring.Index, Now: now, Bank: s.config.Bank.Title,
	})
	s.buildCounter(s.proofs)
	return nil
}

// customers is the face that customers and their software see, and the files of
// all pages.
func (s *Server) customers() (http.Handler, *assets.Files, error) {
	with := s.shared()
	web, err := s.portal(with)
	if err != nil {
		return nil, nil, err
	}
	programs, err := s.withLogin(api.Config{
		Enrolment: s.enrolment, Subscribers: s.subscribers, Authority: s.desk.Authority,
		Sessions: with.sessions, Log: s.desk.Audit, Lifecycle: s.lifecycle, Notices: s.desk.Notices, Redemptions: s.redemptions, Branches: s.branches,
		RenewalDays: s.desk.policy.renewalDays,
		Offers:      s.desk.policy.offers(s.config), CAName: s.config.Authority.Name,
		LoginLimit: with.logins, VerifyLimit: with.verified, CardTurns: with.cards, Ready: s.desk.Store.Ready, Now: s.options.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	return s.doors(api.New(programs), web), web.Assets(), nil
}

// vouching is the face that everybody sees.
func (s *Server) vouching() (http.Handler, error) {
	root, err := readRootList(s.desk.files.rootList)
	if err != nil {
		return nil, ErrKeys.With(err, "data", s.config.Data)
	}
	face := kit.NewFace(s.options.Now, kit.FaceConfig{
		Log: s.log, HTTPS: s.config.https(), TrustedProxies: s.config.TrustedProxies,
		Rate: s.config.Limits.Status.kit(), MaxBody: responder.MaxRequest, Cacheable: true,
	})
	return face.Wrap(responder.New(responder.Config{
		OCSP:         s.responder,
		Lists:        map[string]responder.Lister{"root": root, "issuing": s.desk.Publisher},
		Certificates: map[string][]byte{"root": s.desk.files.root.Raw, "issuing": s.desk.files.issuing.Raw},
		Now:          s.options.Now,
		Problem: func(ctx context.Context, err error) {
			s.log.WarnContext(ctx, "OCSP request not answered", "request", kit.RequestID(ctx), "error", err)
		},
	})), nil
}

func (r Rate) kit() kit.Rate {
	return kit.Rate{Every: time.Minute / time.Duration(r.PerMinute), Burst: r.Burst}
}
