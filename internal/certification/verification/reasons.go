package verification

import (
	"errors"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/validation"
)

// Reason says why the verdict is what it is; the strings are stable.
type Reason string

// The reasons.
const (
	OK Reason = "ok"

	Malformed          Reason = "malformed"
	NotSigned          Reason = "not-signed"
	NoSigner           Reason = "no-signer"
	ContentMissing     Reason = "content-missing"
	ContentDiffers     Reason = "content-differs"
	Changed            Reason = "changed"
	BadAttributes      Reason = "bad-attributes"
	CertificateMissing Reason = "certificate-missing"
	Unsupported        Reason = "unsupported-algorithm"

	UnknownIssuer   Reason = "unknown-issuer"
	StandingUnknown Reason = "standing-unknown"
	Forged          Reason = "certificate-forged"
	NotIssued       Reason = "certificate-not-issued"
	NotForSigning   Reason = "certificate-not-for-signing"
	Unfit           Reason = "certificate-unfit"
	NotYetValid     Reason = "certificate-not-yet-valid"
	Expired         Reason = "certificate-expired"
	ExpiredLater    Reason = "certificate-expired-later"
	Suspended       Reason = "certificate-suspended"
	SuspendedLater  Reason = "certificate-suspended-later"
	Revoked         Reason = "certificate-revoked"
	RevokedLater    Reason = "certificate-revoked-later"
)

// said is a reason as a person reads it.
type said struct {
	verdict       Verdict
	title, detail fault.Text
}

// reasons is all that a report can say.
var reasons = map[Reason]said{
	OK: {Valid,
		fault.Text{KO: "서명이 맞아요. 서명한 뒤로 내용이 바뀌지 않았고, 인증서도 지금 유효해요.", EN: "The signature is right. Nothing was changed since, and the certificate is valid today."},
		fault.Text{KO: "서명한 분의 이름과 내용이 생각하신 것과 같은지 확인해 주세요.", EN: "Please check that the name and the content are what you expect."}},
	Malformed: {Invalid,
		fault.Text{KO: "전자서명이 아니거나 파일이 깨져 있어요.", EN: "This is no signature, or the file is damaged."},
		fault.Text{KO: "파일을 처음부터 끝까지 다시 받아 올려 주세요. 서명 파일은 보통 .p7s, .p7m, .sig로 끝나요.", EN: "Please get the whole file again. Signature files mostly end in .p7s, .p7m or .sig."}},
	NotSigned: {Invalid,
		fault.Text{KO: "형식은 맞지만 서명이 아닌 것이 들어 있어요. 암호문일 수 있어요.", EN: "The form is right, but it holds something else than a signature; perhaps it is encrypted."},
		fault.Text{KO: "보낸 분에게 서명 파일을 다시 보내 달라고 해 주세요.", EN: "Please ask the sender for the signature."}},
	NoSigner: {Invalid,
		fault.Text{KO: "서명한 사람이 없는 파일이에요.", EN: "Nobody has signed this."},
		fault.Text{KO: "서명이 든 파일인지 확인하고 다시 올려 주세요.", EN: "Please check that it is the signed file."}},
	ContentMissing: {Unknown,
		fault.Text{KO: "원문이 들어 있지 않은 서명이라 원문 없이는 확인할 수 없어요.", EN: "This signature comes without its content, so it can't be checked alone."},
		fault.Text{KO: "서명할 때 쓴 원문 파일을 함께 올려 주세요.", EN: "Please add the file that was signed."}},
	ContentDiffers: {Invalid,
		fault.Text{KO: "함께 올린 원문이 서명 안에 든 원문과 달라요.", EN: "The content that was given is not the one inside the signature."},
		fault.Text{KO: "원문 없이 서명만 올리면 서명 안에 든 원문을 볼 수 있어요.", EN: "Give the signature alone to see the content inside."}},
	Changed: {Invalid,
		fault.Text{KO: "서명이 맞지 않아요. 내용이 서명한 뒤에 바뀌었거나, 이 인증서의 키로 한 서명이 아니에요.", EN: "The signature is not right: the content was changed since, or another key made it."},
		fault.Text{KO: "이 내용을 믿지 말고, 보낸 분에게 원본을 다시 받아 주세요.", EN: "Don't rely on it. Please get the original from the sender again."}},
	BadAttributes: {Invalid,
		fault.Text{KO: "서명에 딸린 정보가 규칙에 맞지 않아서 서명으로 볼 수 없어요.", EN: "What is signed along breaks the rules of signatures."},
		fault.Text{KO: "이 내용을 믿지 말고, 보낸 분에게 다시 서명해 달라고 해 주세요.", EN: "Don't rely on it. Please ask the sender to sign again."}},
	CertificateMissing: {Unknown,
		fault.Text{KO: "서명한 사람의 인증서가 들어 있지 않아서 누구의 서명인지 알 수 없어요.", EN: "The signer's certificate is not in the file, so nobody can tell whose signature it is."},
		fault.Text{KO: "인증서를 넣어서 다시 서명해 달라고 해 주세요.", EN: "Please ask for a signature that includes the certificate."}},
	Unsupported: {Unknown,
		fault.Text{KO: "오래되었거나 여기서 다루지 않는 방식의 서명이라 확인할 수 없어요.", EN: "The signature uses a method that is too old or not known here."},
		fault.Text{KO: "SHA-256 이상을 쓰는 프로그램으로 다시 서명해 달라고 해 주세요.", EN: "Please ask for a signature with SHA-256 or better."}},
	UnknownIssuer: {Unknown,
		fault.Text{KO: "서명은 맞지만, 인증서를 발급한 곳을 이 은행에서 확인할 수 없어요. 이름도 확인되지 않은 거예요.", EN: "The signature is right, but the issuer of the certificate is not known here; so the name is not confirmed either."},
		fault.Text{KO: "그 인증서를 발급한 인증기관에서 확인해 주세요.", EN: "Please ask the authority that issued the certificate."}},
	StandingUnknown: {Unknown,
		fault.Text{KO: "서명과 발급한 곳은 맞지만, 다른 인증기관의 인증서라 지금도 유효한지 여기서는 알 수 없어요.", EN: "Signature and issuer are right, but another authority issued the certificate: whether it still stands can't be told here."},
		fault.Text{KO: "그 인증서를 발급한 인증기관에서 폐지되었는지 확인해 주세요.", EN: "Please ask that authority whether it was revoked."}},
	Forged: {Invalid,
		fault.Text{KO: "인증서가 위조되었어요. 적혀 있는 인증기관이 발급한 것이 아니에요.", EN: "The certificate is forged: the authority that it names did not issue it."},
		fault.Text{KO: "이 서명을 믿지 마세요. 어디서 받았는지 고객센터에 알려 주세요. 1588-0000", EN: "Don't rely on this signature, and tell the call centre where it came from: 1588-0000."}},
	NotIssued: {Invalid,
		fault.Text{KO: "이 은행의 발급 기록에 없는 인증서예요.", EN: "The certificate is not in this bank's records."},
		fault.Text{KO: "이 서명을 믿지 말고 바로 고객센터에 알려 주세요. 1588-0000", EN: "Don't rely on this signature, and call us at once: 1588-0000."}},
	NotForSigning: {Invalid,
		fault.Text{KO: "서명에 쓸 수 없는 인증서로 한 서명이에요.", EN: "The certificate is not one for signing."},
		fault.Text{KO: "서명용 인증서로 다시 서명해 달라고 해 주세요.", EN: "Please ask for a signature with a signing certificate."}},
	Unfit: {Invalid,
		fault.Text{KO: "인증서가 발급 규칙에 맞지 않아서 믿을 수 없어요.", EN: "The certificate breaks the rules for certificates, so it can't be relied on."},
		fault.Text{KO: "서명한 분에게 다른 인증서로 다시 서명해 달라고 해 주세요.", EN: "Please ask for a signature with another certificate."}},
	NotYetValid: {Invalid,
		fault.Text{KO: "아직 유효기간이 시작되지 않은 인증서로 한 서명이에요.", EN: "The certificate is not valid yet."},
		fault.Text{KO: "유효기간이 시작된 뒤에 다시 확인해 주세요.", EN: "Please check again when its time has begun."}},
	Expired: {Invalid,
		fault.Text{KO: "인증서의 유효기간이 끝났고, 그전에 서명했다는 표시도 없어요.", EN: "The certificate has expired, and nothing says that it was used before."},
		fault.Text{KO: "서명한 분에게 지금 쓰는 인증서로 다시 서명해 달라고 해 주세요.", EN: "Please ask for a signature with a current certificate."}},
	ExpiredLater: {Unknown,
		fault.Text{KO: "인증서의 유효기간이 끝났어요. 그전에 서명했다고 적혀 있지만 그 시각이 증명되지는 않아요.", EN: "The certificate has expired. The signature says that it was made before, but nothing proves that time."},
		fault.Text{KO: "언제 받으셨는지 다른 기록으로 확인하거나, 지금 쓰는 인증서로 다시 서명해 달라고 해 주세요.", EN: "Rely on other records of when you got it, or ask for a new signature."}},
	Suspended: {Invalid,
		fault.Text{KO: "효력이 정지된 인증서로 한 서명이에요.", EN: "The certificate is suspended."},
		fault.Text{KO: "서명한 분에게 확인해 주세요. 효력을 회복한 뒤에 다시 서명할 수 있어요.", EN: "Please ask the signer, who can sign again once it is resumed."}},
	SuspendedLater: {Unknown,
		fault.Text{KO: "지금은 효력이 정지된 인증서예요. 그전에 서명했다고 적혀 있지만 그 시각이 증명되지는 않아요.", EN: "The certificate is suspended now. The signature says that it was made before, but nothing proves that time."},
		fault.Text{KO: "언제 받으셨는지 다른 기록으로 확인하거나, 서명한 분에게 직접 물어봐 주세요.", EN: "Rely on other records of when you got it, or ask the signer."}},
	Revoked: {Invalid,
		fault.Text{KO: "폐지된 인증서로 한 서명이에요.", EN: "The certificate is revoked."},
		fault.Text{KO: "이 서명을 믿지 말고, 서명한 분에게 새 인증서로 다시 서명해 달라고 해 주세요.", EN: "Don't rely on it. Please ask for a signature with a new certificate."}},
	RevokedLater: {Unknown,
		fault.Text{KO: "지금은 폐지된 인증서예요. 그전에 서명했다고 적혀 있지만 그 시각이 증명되지는 않아요.", EN: "The certificate is revoked now. The signature says that it was made before, but nothing proves that time."},
		fault.Text{KO: "폐지되기 전에 받으셨다는 다른 기록이 있으면 그 서명은 효력이 있어요. 없으면 다시 서명해 달라고 해 주세요.", EN: "It holds if other records show that you got it before. If not, please ask for a new signature."}},
}

// reasonOf says in our words why a message can't be taken for signed.
func reasonOf(err error) Reason {
	for _, known := range []struct {
		err    error
		reason Reason
	}{
		{cms.ErrNotSigned, NotSigned},
		{cms.ErrNoSigner, NoSigner},
		{cms.ErrNoContent, ContentMissing},
		{cms.ErrContent, ContentDiffers},
		{cms.ErrDigest, Changed},
		{cms.ErrSignature, Changed},
		{cms.ErrSigningCert, Changed},
		{cms.ErrAttributes, BadAttributes},
		{cms.ErrNoCertificate, CertificateMissing},
		{cms.ErrUnsupported, Unsupported},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return Malformed
}

// ofPath says in our words why a path does not hold.
func ofPath(r validation.Reason) Reason {
	switch r {
	case validation.NoIssuer:
		return UnknownIssuer
	case validation.BadSignature, validation.MalformedCertificate:
		return Forged
	case validation.KeyUsage, validation.ExtendedKeyUsage:
		return NotForSigning
	case validation.NotYetValid:
		return NotYetValid
	case validation.Expired:
		return Expired
	case validation.Revoked, validation.Suspended:
		return Revoked
	case validation.RevocationMissing, validation.RevocationStale:
		return StandingUnknown
	default:
		return Unfit
	}
}
