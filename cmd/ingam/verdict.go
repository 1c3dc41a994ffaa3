package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/validation"
)

var verdictText = struct {
	valid, validUnchecked, signer, kind, signedAt, claimed, notSaid, chain, revocation, serial, until, judgedFor, arrow fault.Text
	good, revoked, suspended, unknown, notChecked, source, asked, askProblem, hintRevocation, hintRoot, hintChain       fault.Text
}{
	valid:          fault.Text{KO: "유효한 서명이에요. {owner} 님이 서명했고, 그 뒤로 내용이 바뀌지 않았어요.", EN: "The signature is valid: {owner} signed, and nothing has changed since."},
	validUnchecked: fault.Text{KO: "유효한 서명이에요. {owner} 님이 서명했고, 그 뒤로 내용이 바뀌지 않았어요. 인증서가 폐지되었는지는 확인하지 않았어요.", EN: "The signature is valid: {owner} signed, and nothing has changed since. Whether the certificate was revoked was not checked."},
	signer:         fault.Text{KO: "서명자", EN: "Signer"},
	kind:           fault.Text{KO: "종류", EN: "Kind"},
	signedAt:       fault.Text{KO: "서명 시각", EN: "Signed"},
	claimed:        fault.Text{KO: "{at} (서명자가 적은 시각)", EN: "{at} (the signer's own word)"},
	notSaid:        fault.Text{KO: "서명에 적혀 있지 않아요", EN: "the signature does not say"},
	chain:          fault.Text{KO: "인증 경로", EN: "Chain"},
	revocation:     fault.Text{KO: "폐지 여부", EN: "Revocation"},
	serial:         fault.Text{KO: "일련번호", EN: "Serial"},
	until:          fault.Text{KO: "유효기간", EN: "Validity"},
	judgedFor:      fault.Text{KO: "판정 시점", EN: "Judged for"},
	arrow:          fault.Text{KO: " ← ", EN: " ← "},
	good:           fault.Text{KO: "폐지되지 않았어요", EN: "not revoked"},
	revoked:        fault.Text{KO: "{since}에 폐지되었어요 ({reason})", EN: "revoked on {since} ({reason})"},
	suspended:      fault.Text{KO: "{since}부터 효력이 정지되었어요", EN: "suspended since {since}"},
	unknown:        fault.Text{KO: "알 수 없어요", EN: "not known"},
	notChecked:     fault.Text{KO: "확인하지 않았어요", EN: "not checked"},
	source:         fault.Text{KO: " — {source}, {this} 기준", EN: " — {source} as of {this}"},
	asked:          fault.Text{KO: ", {address}", EN: ", {address}"},
	askProblem:     fault.Text{KO: "인증기관에 물어보지 못했어요: {why}", EN: "The authority did not answer: {why}"},
	hintRevocation: fault.Text{KO: "폐지 여부까지 보려면 --ocsp 또는 --crl 파일을 붙이세요.", EN: "To check revocation, too, add --ocsp or --crl FILE."},
	hintRoot:       fault.Text{KO: "믿는 뿌리 인증서를 --root 파일로 알려 주세요.", EN: "Name a root that you trust with --root FILE."},
	hintChain:      fault.Text{KO: "발급기관의 인증서를 --chain 파일로 알려 주거나, --ocsp로 받아 오게 하세요.", EN: "Name the issuer's certificate with --chain FILE, or let --ocsp fetch it."},
}

// reasonTexts says each reason for which a signature is not valid. {what} is
// the certificate that the reason is about.
var reasonTexts = map[validation.Reason]fault.Text{
	wallet.ContentChanged:           {KO: "유효하지 않아요. 서명한 뒤에 내용이 바뀌었어요.", EN: "Not valid: the content was changed after it was signed."},
	wallet.SignatureBroken:          {KO: "유효하지 않아요. 서명값이 서명자의 키와 맞지 않아요.", EN: "Not valid: the signature was not made with the signer's key."},
	wallet.NoSignerCert:             {KO: "판단할 수 없어요. 서명 파일에 서명자의 인증서가 없어요.", EN: "Undecided: the file does not hold the signer's certificate."},
	wallet.SignatureForm:            {KO: "판단할 수 없어요. 이 프로그램이 모르는 서명 방식이에요.", EN: "Undecided: the signature is of a form that this program does not know."},
	wallet.NoRoot:                   {KO: "판단할 수 없어요. 서명은 내용과 맞지만, 누구의 인증서를 믿을지 알려 주지 않았어요.", EN: "Undecided: the signature fits the content, but no root to trust was named."},
	validation.NoIssuer:             {KO: "판단할 수 없어요. 서명은 내용과 맞지만, {what}의 인증서를 발급한 기관의 인증서가 없어요.", EN: "Undecided: the signature fits the content, but the issuer's certificate above the certificate of {what} is not at hand."},
	wallet.UntrustedRoot:            {KO: "유효하지 않아요. 인증서가 믿는 뿌리 인증서로 이어지지 않아요.", EN: "Not valid: the certificate does not lead to a root that you trust."},
	validation.BadInput:             {KO: "판단할 수 없어요. 판정에 쓸 자료가 올바르지 않아요.", EN: "Undecided: what it is to be judged by is not in order."},
	validation.MalformedCertificate: {KO: "유효하지 않아요. 서명자의 인증서를 읽을 수 없어요.", EN: "Not valid: the signer's certificate can't be read."},
	validation.TooComplex:           {KO: "판단할 수 없어요. 인증 경로가 너무 복잡해요.", EN: "Undecided: the chain is too complex."},
	validation.BadSignature:         {KO: "유효하지 않아요. {what}의 인증서는 발급자가 서명한 것이 아니에요.", EN: "Not valid: the certificate of {what} was not signed by its issuer."},
	validation.WeakAlgorithm:        {KO: "유효하지 않아요. {what}의 인증서에 더는 안전하지 않은 알고리즘이 쓰였어요.", EN: "Not valid: the certificate of {what} uses an algorithm that is no longer safe."},
	validation.WeakKey:              {KO: "유효하지 않아요. {what}의 키가 너무 짧아요.", EN: "Not valid: the key of the certificate of {what} is too short."},
	validation.NotYetValid:          {KO: "유효하지 않아요. {what}의 인증서는 그때 아직 유효하지 않았어요.", EN: "Not valid: the certificate of {what} was not yet valid at that time."},
	validation.Expired:              {KO: "유효하지 않아요. {what}의 인증서는 그때 이미 만료되었어요. 서명한 때를 알고 있다면 --at 으로 그때를 판정할 수 있어요.", EN: "Not valid: the certificate of {what} had expired at that time. If you know when it was signed, judge for then with --at."},
	validation.NotACA:               {KO: "유효하지 않아요. {what}의 인증서로는 다른 인증서를 발급할 수 없어요.", EN: "Not valid: the certificate of {what} may not issue certificates."},
	validation.PathTooLong:          {KO: "유효하지 않아요. 인증 경로가 허락된 것보다 길어요.", EN: "Not valid: the chain is longer than allowed."},
	validation.KeyUsage:             {KO: "유효하지 않아요. {what}의 인증서는 서명용이 아니에요.", EN: "Not valid: the certificate of {what} is not for signing."},
	validation.ExtendedKeyUsage:     {KO: "유효하지 않아요. {what}의 인증서는 다른 용도로 발급되었어요.", EN: "Not valid: the certificate of {what} was issued for another use."},
	validation.UnknownCritical:      {KO: "유효하지 않아요. {what}의 인증서에 꼭 지켜야 하지만 여기서 모르는 항목이 있어요.", EN: "Not valid: the certificate of {what} has a critical extension that is not known here."},
	validation.NameConstraints:      {KO: "판단할 수 없어요. {what}의 이름 제한은 여기서 다루지 않아요.", EN: "Undecided: the name constraints of {what} are not handled here."},
	validation.PolicyMappings:       {KO: "판단할 수 없어요. {what}의 정책 대응은 여기서 다루지 않아요.", EN: "Undecided: the policy mappings of {what} are not handled here."},
	validation.NoAcceptablePolicy:   {KO: "유효하지 않아요. 인증서의 정책이 받아들이는 정책이 아니에요.", EN: "Not valid: the certificate's policy is not one that is accepted."},
	validation.Revoked:              {KO: "유효하지 않아요. {what}의 인증서는 그때 이미 폐지되었어요.", EN: "Not valid: the certificate of {what} had been revoked by that time."},
	validation.Suspended:            {KO: "유효하지 않아요. {what}의 인증서는 그때 효력이 정지되어 있었어요.", EN: "Not valid: the certificate of {what} was suspended at that time."},
	validation.RevocationMissing:    {KO: "판단할 수 없어요. 서명과 인증 경로는 맞지만, {what}의 인증서가 폐지되었는지 알려 주는 자료가 없어요.", EN: "Undecided: signature and chain hold, but nothing says whether the certificate of {what} was revoked."},
	validation.RevocationStale:      {KO: "판단할 수 없어요. 서명과 인증 경로는 맞지만, {what}의 폐지 자료가 오래되었어요.", EN: "Undecided: signature and chain hold, but what is known about the revocation of {what}'s certificate is out of date."},
	validation.PersonDoesNotMatch:   {KO: "유효하지 않아요. 인증서의 주인이 그 사람이 아니에요.", EN: "Not valid: the certificate does not belong to that person."},
	validation.NoIdentityData:       {KO: "유효하지 않아요. 인증서에 신원확인 정보가 없어요.", EN: "Not valid: the certificate carries no identity data."},
}

// sentence says the verdict in one sentence.
func (p *program) sentence(v wallet.Verification) string {
	if v.Verdict == validation.Valid {
		owners := make([]string, len(v.Signers))
		text := verdictText.valid
		for i, s := range v.Signers {
			owners[i] = terminal.Clean(wallet.OwnerOf(s.Certificate))
			if s.Revocation().Status == "not-checked" {
				text = verdictText.validUnchecked
			}
		}
		return p.say(text, "owner", strings.Join(owners, ", "))
	}
	what := ""
	for _, s := range v.Signers {
		if s.Report.Reason == v.Reason {
			what = terminal.Clean(shortName(s.Report.Subject))
		}
	}
	return p.say(reasonTexts[v.Reason], "what", what)
}

// shortName is the name in a DN in folder form: cn=NAME()….
func shortName(dn string) string {
	first, _, _ := strings.Cut(dn, ",")
	_, value, found := strings.Cut(first, "=")
	if !found {
		return dn
	}
	name, _, _ := strings.Cut(value, "(") // behind it are bank, day and number
	return name
}

func (p *program) printVerdict(v wallet.Verification, j wallet.Judging) error {
	if p.json {
		return p.printJSON(p.verdictJSON(v, j))
	}
	paint := map[validation.Verdict]terminal.Paint{
		validation.Valid: terminal.Good, validation.Invalid: terminal.Bad, validation.Unknown: terminal.Notice,
	}[v.Verdict]
	for _, line := range terminal.Wrap(p.sentence(v), terminal.MaxColumns) {
		if err := p.printLine(p.style().Paint(paint, line)); err != nil {
			return err
		}
	}
	for _, s := range v.Signers {
		if err := p.printLine(""); err != nil {
			return err
		}
		if err := terminal.WriteFields(p.stdout, p.style(), p.signerFields(s, j.At)); err != nil {
			return err
		}
		if s.AskProblem != nil {
			p.note(p.say(verdictText.askProblem, "why", terminal.Clean(s.AskProblem.Error())))
		}
	}
	return p.verdictHint(v)
}

func (p *program) signerFields(s wallet.Signature, at time.Time) []terminal.Field {
	signed := p.say(verdictText.notSaid)
	if !s.SignedAt.IsZero() {
		signed = p.say(verdictText.claimed, "at", terminal.Moment(s.SignedAt, p.lang))
	}
	kind := wallet.KindOf(s.Certificate)
	title := p.say(kind.Title)
	if kind.Policy != "" {
		title += " (" + kind.Policy + ")"
	}
	fields := []terminal.Field{
		{Label: p.say(verdictText.signer), Value: terminal.Clean(wallet.OwnerOf(s.Certificate))},
		{Label: p.say(verdictText.kind), Value: title},
		{Label: p.say(verdictText.signedAt), Value: signed},
		{Label: p.say(verdictText.judgedFor), Value: terminal.Moment(at, p.lang)},
		{Label: p.say(verdictText.until), Value: terminal.Day(s.Certificate.NotBefore) + " – " + terminal.Day(s.Certificate.NotAfter)},
		{Label: p.say(verdictText.serial), Value: wallet.SerialOf(s.Certificate)},
	}
	if len(s.Report.Chain) > 0 {
		fields = append(fields, terminal.Field{Label: p.say(verdictText.chain),
			Value: strings.Join(chainNames(s), p.say(verdictText.arrow))})
	}
	return append(fields, terminal.Field{Label: p.say(verdictText.revocation), Value: p.revocationInWords(s)})
}

func chainNames(s wallet.Signature) []string {
	var names []string
	for _, c := range s.Report.Chain {
		names = append(names, terminal.Clean(shortName(wallet.SubjectOf(c))))
	}
	return names
}

func (p *program) revocationInWords(s wallet.Signature) string {
	r := s.Revocation()
	since := terminal.Moment(r.Since, p.lang)
	words := map[string]string{
		"good":        p.say(verdictText.good),
		"revoked":     p.say(verdictText.revoked, "since", since, "reason", r.Reason),
		"suspended":   p.say(verdictText.suspended, "since", since),
		"unknown":     p.say(verdictText.unknown),
		"not-checked": p.say(verdictText.notChecked),
	}[r.Status]
	if r.Source == "" {
		return words
	}
	words += p.say(verdictText.source, "source", strings.ToUpper(r.Source), "this", terminal.Moment(r.ThisUpdate, p.lang))
	if r.Source == "ocsp" && s.Asked != "" {
		words += p.say(verdictText.asked, "address", terminal.Clean(s.Asked))
	}
	return words
}

func (p *program) verdictHint(v wallet.Verification) error {
	switch v.Reason {
	case wallet.NoRoot:
		return p.printLine("\n" + p.say(verdictText.hintRoot))
	case validation.NoIssuer:
		return p.printLine("\n" + p.say(verdictText.hintChain))
	case validation.OK:
		for _, s := range v.Signers {
			if s.Revocation().Status == "not-checked" {
				return p.printLine("\n" + p.say(verdictText.hintRevocation))
			}
		}
	default: // the sentence says all
	}
	return nil
}

// verdictJSON is the answer of verify for programs; its shape is described in
// the help on json.
type verdictJSON struct {
	Verdict  validation.Verdict `json:"verdict"`
	Reason   validation.Reason  `json:"reason"`
	Sentence string             `json:"sentence"`
	At       time.Time          `json:"at"`
	Content  contentJSON        `json:"content"`
	Signers  []signerJSON       `json:"signers"`
}

type contentJSON struct {
	Attached bool   `json:"attached"`
	Bytes    int    `json:"bytes,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
}

type signerJSON struct {
	certificateJSON
	SignedAt   time.Time             `json:"signedAt,omitzero"` // the signer's own word
	Verdict    validation.Verdict    `json:"verdict"`
	Reason     validation.Reason     `json:"reason"`
	Chain      []string              `json:"chain"`
	Policies   []string              `json:"policies,omitempty"`
	Revocation revocationJSON        `json:"revocation"`
	Evidence   []validation.Evidence `json:"evidence"`
}

type revocationJSON struct {
	Status     string    `json:"status"` // good, revoked, suspended, unknown, not-checked
	Source     string    `json:"source,omitempty"`
	Address    string    `json:"address,omitempty"`
	ThisUpdate time.Time `json:"thisUpdate,omitzero"`
	NextUpdate time.Time `json:"nextUpdate,omitzero"`
	Since      time.Time `json:"since,omitzero"`
	Reason     string    `json:"reason,omitempty"`
	Problem    string    `json:"problem,omitempty"`
}

func (p *program) verdictJSON(v wallet.Verification, j wallet.Judging) verdictJSON {
	out := verdictJSON{Verdict: v.Verdict, Reason: v.Reason, Sentence: p.sentence(v), At: j.At.UTC(), Signers: []signerJSON{}}
	out.Content.Attached = v.Attached
	if v.Attached {
		sum := sha256.Sum256(v.Content)
		out.Content.Bytes, out.Content.SHA256 = len(v.Content), hex.EncodeToString(sum[:])
	}
	for _, s := range v.Signers {
		r := s.Revocation()
		one := signerJSON{
			certificateJSON: p.describe(s.Certificate),
			SignedAt:        s.SignedAt,
			Verdict:         s.Report.Verdict, Reason: s.Report.Reason,
			Chain: []string{}, Policies: s.Report.Policies, Evidence: s.Report.Evidence,
			Revocation: revocationJSON{Status: r.Status, Source: r.Source, Address: s.Asked,
				ThisUpdate: r.ThisUpdate, NextUpdate: r.NextUpdate, Since: r.Since, Reason: r.Reason},
		}
		if s.AskProblem != nil {
			one.Revocation.Problem = terminal.Clean(s.AskProblem.Error())
		}
		for _, c := range s.Report.Chain {
			one.Chain = append(one.Chain, wallet.SubjectOf(c))
		}
		if one.Evidence == nil {
			one.Evidence = []validation.Evidence{}
		}
		out.Signers = append(out.Signers, one)
	}
	return out
}
