package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// SignedData is a parsed message. It aliases the bytes it was parsed from
// unless they were BER.
type SignedData struct {
	// ContentType is id-data for nearly all messages.
	ContentType asn1.ObjectIdentifier
	// Certificates came along with the message; none of them is judged.
	Certificates []*x509.Certificate

	content  []byte
	attached bool
	bare     bool // SignedData without ContentInfo, as KOSCOM writes it
	signers  []signerInfo
}

// Content is what was signed, when the message carries it.
func (s *SignedData) Content() (content []byte, attached bool) { return s.content, s.attached }

type signerInfo struct {
	rawIssuer []byte
	serial    []byte // content of the INTEGER
	keyID     []byte // instead of issuer and serial
	digest    sigalg.Algorithm
	signature sigalg.Algorithm
	value     []byte
	signed    []byte // the attributes as a SET OF, nil when there are none
	attrs     attributes
}

// Parse reads a SignedData: DER, or BER within the limits. A SignedData
// without its ContentInfo is accepted as well (NPKI field form). It judges
// nothing: call Verify.
func Parse(message []byte) (*SignedData, error) {
	der, err := toDER(message)
	if err != nil {
		return nil, err
	}
	input := cryptobyte.String(der)
	var outer cryptobyte.String
	if !input.ReadASN1(&outer, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, fmt.Errorf("%w: ContentInfo", ErrFormat)
	}
	if outer.PeekASN1Tag(cbasn1.INTEGER) {
		return parseSignedData(outer, true)
	}
	var kind asn1.ObjectIdentifier
	var explicit, seq cryptobyte.String
	if !outer.ReadASN1ObjectIdentifier(&kind) {
		return nil, fmt.Errorf("%w: ContentInfo", ErrFormat)
	}
	if !kind.Equal(oidSignedData) {
		return nil, fmt.Errorf("%w: %s", ErrNotSigned, kind)
	}
	if !outer.ReadASN1(&explicit, contextCons(0)) || !outer.Empty() ||
		!explicit.ReadASN1(&seq, cbasn1.SEQUENCE) || !explicit.Empty() {
		return nil, fmt.Errorf("%w: ContentInfo", ErrFormat)
	}
	return parseSignedData(seq, false)
}

func parseSignedData(s cryptobyte.String, bare bool) (*SignedData, error) {
	sd := &SignedData{bare: bare}
	var version int
	var digests cryptobyte.String
	if !s.ReadASN1Integer(&version) || version < 0 || version > 5 || !s.ReadASN1(&digests, cbasn1.SET) {
		return nil, fmt.Errorf("%w: version", ErrFormat)
	}
	for n := 0; !digests.Empty(); n++ {
		if _, ok := sigalg.Read(&digests); !ok || n == MaxSigners {
			return nil, fmt.Errorf("%w: digestAlgorithms", ErrFormat)
		}
	}
	if err := sd.parseContent(&s); err != nil {
		return nil, err
	}
	if err := sd.parseCertificates(&s); err != nil {
		return nil, err
	}
	var signers cryptobyte.String
	if !s.SkipOptionalASN1(contextCons(1)) || !s.ReadASN1(&signers, cbasn1.SET) || !s.Empty() {
		return nil, fmt.Errorf("%w: signerInfos", ErrFormat)
	}
	for !signers.Empty() {
		if len(sd.signers) == MaxSigners {
			return nil, fmt.Errorf("%w: signers", ErrTooMany)
		}
		si, err := parseSigner(&signers)
		if err != nil {
			return nil, err
		}
		sd.signers = append(sd.signers, si)
	}
	return sd, nil
}

func (s *SignedData) parseContent(in *cryptobyte.String) error {
	var info, explicit cryptobyte.String
	var present bool
	if !in.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1ObjectIdentifier(&s.ContentType) ||
		!info.ReadOptionalASN1(&explicit, &present, contextCons(0)) || !info.Empty() {
		return fmt.Errorf("%w: content", ErrFormat)
	}
	if !present {
		return nil
	}
	var content cryptobyte.String
	var tag cbasn1.Tag
	// PKCS#7 allows content of any type; its value is signed without its header.
	if !explicit.ReadAnyASN1(&content, &tag) || !explicit.Empty() {
		return fmt.Errorf("%w: content", ErrFormat)
	}
	if s.ContentType.Equal(oidData) && tag != cbasn1.OCTET_STRING {
		return fmt.Errorf("%w: content", ErrFormat)
	}
	s.content, s.attached = content, true
	return nil
}

func (s *SignedData) parseCertificates(in *cryptobyte.String) error {
	var set cryptobyte.String
	var present bool
	if !in.ReadOptionalASN1(&set, &present, contextCons(0)) {
		return fmt.Errorf("%w: certificates", ErrFormat)
	}
	for n := 0; !set.Empty(); n++ {
		var raw cryptobyte.String
		var tag cbasn1.Tag
		if n == MaxCertificates {
			return fmt.Errorf("%w: certificates", ErrTooMany)
		}
		if !set.ReadAnyASN1Element(&raw, &tag) {
			return fmt.Errorf("%w: certificates", ErrFormat)
		}
		if tag != cbasn1.SEQUENCE {
			continue // attribute certificates and other choices
		}
		cert, err := x509.ParseCertificate(raw)
		if err != nil {
			return fmt.Errorf("%w: certificate %d: %w", ErrFormat, n, err)
		}
		s.Certificates = append(s.Certificates, cert)
	}
	return nil
}

func parseSigner(list *cryptobyte.String) (signerInfo, error) {
	var si signerInfo
	var seq, value cryptobyte.String
	var version int
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1Integer(&version) || version < 0 || version > 5 {
		return si, fmt.Errorf("%w: signerInfo", ErrFormat)
	}
	if err := si.parseIdentifier(&seq); err != nil {
		return si, err
	}
	var ok bool
	if si.digest, ok = sigalg.Read(&seq); !ok {
		return si, fmt.Errorf("%w: digestAlgorithm", ErrFormat)
	}
	var body cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&body, &present, contextCons(0)) {
		return si, fmt.Errorf("%w: signedAttrs", ErrFormat)
	}
	if present {
		// The signature is over the SET OF, not over the [0] it travels in.
		si.signed = append(appendLength([]byte{0x31}, len(body)), body...)
		if err := si.attrs.parse(body); err != nil {
			return si, err
		}
	}
	if si.signature, ok = sigalg.Read(&seq); !ok || !seq.ReadASN1(&value, cbasn1.OCTET_STRING) ||
		!seq.SkipOptionalASN1(contextCons(1)) || !seq.Empty() {
		return si, fmt.Errorf("%w: signature", ErrFormat)
	}
	si.value = value
	return si, nil
}

func (si *signerInfo) parseIdentifier(seq *cryptobyte.String) error {
	if seq.PeekASN1Tag(context(0)) {
		var id cryptobyte.String
		if !seq.ReadASN1(&id, context(0)) || len(id) == 0 {
			return fmt.Errorf("%w: subjectKeyIdentifier", ErrFormat)
		}
		si.keyID = id
		return nil
	}
	var both, issuer, serial cryptobyte.String
	if !seq.ReadASN1(&both, cbasn1.SEQUENCE) || !both.ReadASN1Element(&issuer, cbasn1.SEQUENCE) ||
		!both.ReadASN1(&serial, cbasn1.INTEGER) || len(serial) == 0 || !both.Empty() {
		return fmt.Errorf("%w: issuerAndSerialNumber", ErrFormat)
	}
	si.rawIssuer, si.serial = issuer, serial
	return nil
}

// find gives the first certificate that the identifier names. KOSCOM's bare
// form puts the signer's own subject where the issuer belongs.
func (si *signerInfo) find(certs []*x509.Certificate, bare bool) *x509.Certificate {
	for _, c := range certs {
		if si.keyID != nil {
			if bytes.Equal(si.keyID, c.SubjectKeyId) {
				return c
			}
			continue
		}
		if !bytes.Equal(serialBytes(c), si.serial) {
			continue
		}
		if bytes.Equal(c.RawIssuer, si.rawIssuer) || (bare && bytes.Equal(c.RawSubject, si.rawIssuer)) {
			return c
		}
	}
	return nil
}

// serialBytes is the content of the serial's INTEGER.
func serialBytes(c *x509.Certificate) []byte {
	b := c.SerialNumber.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		return append([]byte{0}, b...)
	}
	return b
}
