// Package storetest is the conformance suite of the store: what every engine
// has to do, as tests.
//
//	for _, e := range storetest.Engines(t) {
//		t.Run(e.Name, func(t *testing.T) { storetest.Run(t, e.Fresh) })
//	}
//
// Engines and Fresh also serve other packages' tests that need a real store.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Engine is one database program to test on.
type Engine struct {
	Name string // "sqlite" or "postgres"
}

// Engines gives all of them.
func Engines() []Engine { return []Engine{{"sqlite"}, {"postgres"}} }

// URL gives the address of a new, empty database.
func (e Engine) URL(t testing.TB) string {
	t.Helper()
	if e.Name == "postgres" {
		return pgtest.URL(t, pgtest.NoFsync()) // nobody cuts the power here
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "ingam.db")
}

// Fresh gives a store over a new, migrated database with a ring of its own.
func (e Engine) Fresh(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, e.URL(t), keys.NewRing())
}

// Open opens and migrates a database, and closes it with the test.
func Open(t testing.TB, url string, ring *keys.Ring, options ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, ring, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing store: %v", err)
		}
	})
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Raw opens the database behind a store's URL without the store: the view of
// one who can write to the database.
func Raw(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, name := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+path+"?_busy_timeout=10000"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // nothing is kept in it
	return db
}

// Run runs the whole suite on stores that fresh makes.
func Run(t *testing.T, fresh func(testing.TB) *store.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *store.Store)
	}{
		{"Subscriber", testSubscriber},
		{"SamePerson", testSamePerson},
		{"FindSubscribers", testFindSubscribers},
		{"Login", testLogin},
		{"Reserve", testReserve},
		{"ReserveAfterEnd", testReserveAfterEnd},
		{"Complete", testComplete},
		{"ChangeState", testChangeState},
		{"CertificatesOf", testCertificatesOf},
		{"PendingRecords", testPendingRecords},
		{"Standings", testStandings},
		{"EachRevoked", testEachRevoked},
		{"CRL", testCRL},
		{"CRLHead", testCRLHead},
		{"Application", testApplication},
		{"ApplicationRevision", testApplicationRevision},
		{"Overdue", testOverdue},
		{"Tries", testTries},
		{"PhoneCode", testPhoneCode},
		{"Sessions", testSessions},
		{"SessionsStayOver", testSessionsStayOver},
		{"Passkeys", testPasskeys},
		{"Staff", testStaff},
		{"StaffPasskeys", testStaffPasskeys},
		{"StaffKeyring", testStaffKeyring},
		{"Notices", testNotices},
		{"NoticeClaims", testNoticeClaims},
		{"NoticeRollback", testNoticeRollback},
		{"NoticeChoice", testNoticeChoice},
		{"Lease", testLease},
		{"Replacement", testReplacement},
		{"Exception", testException},
		{"HoldPending", testHoldPending},
		{"Suspension", testSuspension},
		{"Events", testEvents},
		{"EmergencyCode", testEmergencyCode},
		{"Older", testOlder},
		{"LiveOf", testLiveOf},
		{"AbandonOpen", testAbandonOpen},
		{"OverdueCertificates", testOverdueCertificates},
		{"Reminders", testReminders},
		{"Proposals", testProposals},
		{"ManyNotices", testManyNotices},
		{"RaceReplacement", testRaceReplacement},
		{"RaceReminders", testRaceReminders},
		{"Cases", testCases},
		{"GoingCases", testGoingCases},
		{"Queues", testQueues},
		{"FinishedCases", testFinishedCases},
		{"Cards", testCards},
		{"Scans", testScans},
		{"TxCommit", testTxCommit},
		{"TxRollback", testTxRollback},
		{"TxPanic", testTxPanic},
		{"TxForgivenError", testTxForgivenError},
		{"TxCancelled", testTxCancelled},
		{"TxAnswersAreNoErrors", testTxAnswers},
		{"AuditAppend", testAuditAppend},
		{"AuditNoEntryNoAct", testNoEntryNoAct},
		{"AuditArchive", testArchive},
		{"AuditObjectsOf", testObjectsOf},
		{"RaceHolder", testRaceHolder},
		{"RaceApplication", testRaceApplication},
		{"RaceSerial", testRaceSerial},
		{"RaceOpenApplication", testRaceOpenApplication},
		{"RaceCRLNumber", testRaceCRLNumber},
		{"RaceTries", testRaceTries},
		{"Pairs", testPairs},
		{"RacePairs", testRacePairs},
		{"ApplicationDesk", testApplicationDesk},
		{"RaceSubscriber", testRaceSubscriber},
		{"RaceAudit", testRaceAudit},
		{"RaceTake", testRaceTake},
		{"RacePasskeys", testRacePasskeys},
		{"RaceStaff", testRaceStaff},
		{"RaceLease", testRaceLease},
		{"RaceCases", testRaceCases},
		{"RaceNotice", testRaceNotice},
		{"RaceNotices", testRaceNotices},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, fresh(t))
		})
	}
}

const (
	issuer      = "a1b2c3"
	otherIssuer = "d4e5f6"
	racers      = 8
)

// day is the moment at which the tests take place, with the microseconds that
// a store keeps.
func day(n int) time.Time {
	return time.Date(2026, 3, 1, 9, 30, 0, 123456000, time.UTC).AddDate(0, 0, n)
}

// record makes a pending certificate that is in nobody's way.
func record(person string) ca.Record {
	id := rand.Text()
	serial := make([]byte, 16)
	_, _ = rand.Read(serial)
	return ca.Record{
		Serial: hexOf(serial), Issuer: issuer, ApplicationID: id, SubscriberID: person, Kind: npki.PersonalBank,
		State: ca.Pending, Subject: "cn=홍길동()" + id + ",ou=personal,o=ingam,c=kr", KeyHash: []byte(id),
		TBS: []byte("to be signed " + id), NotBefore: day(0), NotAfter: day(365), CreatedAt: day(0), ChangedAt: day(0),
	}
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for _, c := range b {
		s.WriteByte(digits[c>>4])
		s.WriteByte(digits[c&15])
	}
	return s.String()
}

// issued stores a certificate and completes it.
func issued(t *testing.T, s *store.Store, r ca.Record) ca.Record {
	t.Helper()
	ctx := context.Background()
	must(t, s.Reserve(ctx, r))
	must(t, second(s.Complete(ctx, r.Serial, []byte("certificate "+r.Serial), ca.Valid, r.CreatedAt.Add(time.Second))))
	done, err := s.Certificate(ctx, r.Serial)
	must(t, err)
	return done
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// race runs fn in 8 goroutines that start together and gives their errors.
func race(fn func(n int) error) []error {
	errs := make([]error, racers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for n := range racers {
		wg.Go(func() {
			<-start
			errs[n] = fn(n)
		})
	}
	close(start)
	wg.Wait()
	return errs
}
