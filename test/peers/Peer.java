import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.crypto.engines.SEEDEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.bc.BcDefaultDigestProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * Judges, with Bouncy Castle, what ingam made, and makes things for ingam to
 * judge. Each command prints one line and exits 0, or throws. Passwords and
 * identity numbers come in files.
 */
public final class Peer {
    static final String SEED_PBE = "1.2.410.200004.1.15";
    static final String RANDOM_NUM = "1.2.410.200004.10.1.1.3";
    static final String IDENTIFY_DATA = "1.2.410.200004.10.1.1";

    public static void main(String[] a) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        switch (a[0]) {
            case "key": key(a[1], a[2], a[3]); break;
            case "renewed": renewed(a[1], a[2], a[3], a[4]); break;
            case "path": path(a[1], a[2], a[3], a[4]); break;
            case "cms": cms(a[1], a[2], a[3]); break;
            case "ocsp": ocsp(a[1], a[2], a[3], a[4]); break;
            case "crl": crl(a[1], a[2], a[3], a[4]); break;
            case "sign": sign(a[1], a[2], a[3], a[4], a[5].equals("detached")); break;
            case "pfx": pfx(a[1], a[2], a[3]); break;
            case "rekey": rekey(a[1], a[2], a[3]); break;
            default: throw new IllegalArgumentException("unknown command " + a[0]);
        }
    }

    /** Opens signPri.key from its bytes, sees that it belongs to signCert.der, and that R and the number give the VID. */
    static void key(String folder, String passwordFile, String idnFile) throws Exception {
        belongs(open(folder, passwordFile), certificate(folder + "/signCert.der"), idnFile);
        say("key opens, belongs to its certificate, R of 20 bytes gives the VID");
    }

    /** Sees that two folders hold different keys and R, and that both are of the person of the number, by name and VID. */
    static void renewed(String before, String after, String passwordFile, String idnFile) throws Exception {
        PrivateKeyInfo old = open(before, passwordFile);
        PrivateKeyInfo now = open(after, passwordFile);
        X509Certificate first = certificate(before + "/signCert.der");
        X509Certificate second = certificate(after + "/signCert.der");
        belongs(old, first, idnFile);
        belongs(now, second, idnFile);
        require(!first.getPublicKey().equals(second.getPublicKey()), "the key is the old one");
        require(!Arrays.equals(randomNumber(old).getOctets(), randomNumber(now).getOctets()), "R is the old one");
        require(!Arrays.equals(vid(first), vid(second)), "the VID is the old one");
        require(realName(first).equals(realName(second)), "the names differ");
        require(!first.getSubjectX500Principal().equals(second.getSubjectX500Principal()), "the subjects are the same");
        require(second.getNotAfter().after(first.getNotAfter()), "it does not last longer");
        say("the renewed certificate is the same person's, with a new key and a new R");
    }

    /** Opens a PKCS#12 file: its MAC holds, the key bag has R as an attribute of its PKCS#8, key, certificate and number belong together. */
    static void pfx(String file, String passwordFile, String idnFile) throws Exception {
        char[] password = text(passwordFile).toCharArray();
        PKCS12PfxPdu pfx = new PKCS12PfxPdu(bytes(file));
        require(pfx.isMacValid(new BcPKCS12MacCalculatorBuilderProvider(BcDefaultDigestProvider.INSTANCE), password), "the MAC is wrong");
        InputDecryptorProvider opener = new JcePKCSPBEInputDecryptorProviderBuilder().setProvider("BC").build(password);
        PrivateKeyInfo key = null;
        X509Certificate owner = null;
        for (ContentInfo content : pfx.getContentInfos()) {
            boolean sealed = content.getContentType().equals(PKCSObjectIdentifiers.encryptedData);
            PKCS12SafeBagFactory bags = sealed ? new PKCS12SafeBagFactory(content, opener) : new PKCS12SafeBagFactory(content);
            for (PKCS12SafeBag bag : bags.getSafeBags()) {
                Object value = bag.getBagValue();
                boolean named = false;
                Attribute[] attributes = bag.getAttributes();
                for (Attribute at : attributes == null ? new Attribute[0] : attributes) {
                    named |= at.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_localKeyId);
                }
                if (value instanceof PKCS8EncryptedPrivateKeyInfo) {
                    require(key == null, "more than one key");
                    key = ((PKCS8EncryptedPrivateKeyInfo) value).decryptPrivateKeyInfo(opener);
                } else if (value instanceof X509CertificateHolder && named) {
                    owner = new JcaX509CertificateConverter().setProvider("BC").getCertificate((X509CertificateHolder) value);
                }
            }
        }
        require(key != null && owner != null, "no key, or no certificate that is named as its own");
        belongs(key, owner, idnFile);
        say("pfx opens, MAC holds, R in the key bag gives the VID");
    }

    static void belongs(PrivateKeyInfo info, X509Certificate cert, String idnFile) throws Exception {
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        Signature s = Signature.getInstance("SHA256withRSA", "BC");
        s.initSign(jca(info));
        s.update(probe);
        byte[] sig = s.sign();
        s.initVerify(cert.getPublicKey());
        s.update(probe);
        require(s.verify(sig), "key and certificate do not belong together");

        ASN1BitString r = randomNumber(info);
        require(r.getOctets().length == 20, "R is not 160 bits");
        ASN1EncodableVector content = new ASN1EncodableVector();
        content.add(new DERPrintableString(text(idnFile)));
        content.add(new DERBitString(r.getOctets()));
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] once = sha.digest(new DERSequence(content).getEncoded(ASN1Encoding.DER));
        byte[] twice = sha.digest(once);
        require(Arrays.equals(twice, vid(cert)), "R and the identity number do not give the VID of the certificate");
    }

    /** Validates the path with CRLs, by the platform's PKIX validator. */
    static void path(String cert, String issuing, String root, String crl) throws Exception {
        CertificateFactory f = CertificateFactory.getInstance("X.509", "BC");
        PKIXParameters p = new PKIXParameters(Collections.singleton(new TrustAnchor(certificate(root), null)));
        p.setRevocationEnabled(false);
        p.setDate(certificate(cert).getNotBefore());
        CertPathValidator.getInstance("PKIX", "BC").validate(
            f.generateCertPath(List.of(certificate(cert), certificate(issuing))), p);
        require(!((X509CRL) f.generateCRL(new ByteArrayInputStream(bytes(crl)))).isRevoked(certificate(cert)), "revoked");
        say("path validates");
    }

    @SuppressWarnings("unchecked") // SignerId is a Selector of certificates
    static void cms(String file, String cert, String content) throws Exception {
        CMSSignedData data = new CMSSignedData(bytes(file));
        boolean detached = data.getSignedContent() == null;
        if (detached) {
            data = new CMSSignedData(new CMSProcessableByteArray(bytes(content)), bytes(file));
        } else {
            require(Arrays.equals((byte[]) data.getSignedContent().getContent(), bytes(content)), "content differs");
        }
        require(data.getSignerInfos().size() == 1, "not one signer");
        SignerInformation signer = data.getSignerInfos().getSigners().iterator().next();
        require(!data.getCertificates().getMatches(signer.getSID()).isEmpty(), "signer's certificate is not inside");
        require(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate(cert))), "signature is wrong");
        say((detached ? "detached" : "attached") + " signature verifies");
    }

    static void ocsp(String file, String issuing, String cert, String want) throws Exception {
        OCSPResp response = new OCSPResp(bytes(file));
        require(response.getStatus() == OCSPResp.SUCCESSFUL, "response status " + response.getStatus());
        BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
        X509CertificateHolder responder = basic.getCerts()[0];
        require(responder.isSignatureValid(new JcaContentVerifierProviderBuilder().setProvider("BC").build(certificate(issuing))),
            "responder's certificate is not of the issuing CA");
        require(basic.isSignatureValid(new JcaContentVerifierProviderBuilder().setProvider("BC").build(responder)), "signature is wrong");
        CertificateID id = new CertificateID(
            new JcaDigestCalculatorProviderBuilder().setProvider("BC").build().get(CertificateID.HASH_SHA1),
            new X509CertificateHolder(certificate(issuing).getEncoded()), certificate(cert).getSerialNumber());
        for (SingleResp single : basic.getResponses()) {
            if (!single.getCertID().getSerialNumber().equals(id.getSerialNumber())) {
                continue;
            }
            CertificateStatus status = single.getCertStatus();
            String got = status == CertificateStatus.GOOD ? "good" : status instanceof RevokedStatus ? "revoked" : "unknown";
            require(got.equals(want), "status is " + got);
            say("ocsp says " + got);
            return;
        }
        throw new IllegalStateException("no answer for the certificate");
    }

    static void crl(String file, String issuing, String cert, String want) throws Exception {
        X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509", "BC").generateCRL(new ByteArrayInputStream(bytes(file)));
        crl.verify(certificate(issuing).getPublicKey());
        require(crl.getExtensionValue(Extension.cRLNumber.getId()) != null, "no CRL number");
        require(crl.getNextUpdate().after(crl.getThisUpdate()), "nextUpdate is not after thisUpdate");
        X509CRLEntry entry = crl.getRevokedCertificate(certificate(cert).getSerialNumber());
        String got = entry == null ? "absent" : "listed";
        require(got.equals(want), "certificate is " + got);
        say("crl verifies, certificate is " + got);
    }

    /** Signs a file with the folder's key: a signature that others made, for ingam to judge. */
    static void sign(String folder, String passwordFile, String in, String out, boolean detached) throws Exception {
        X509Certificate cert = certificate(folder + "/signCert.der");
        CMSSignedDataGenerator g = new CMSSignedDataGenerator();
        g.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
            new JcaDigestCalculatorProviderBuilder().setProvider("BC").build())
            .build(new JcaContentSignerBuilder("SHA256withRSA").setProvider("BC").build(jca(open(folder, passwordFile))), cert));
        g.addCertificates(new JcaCertStore(List.of(cert)));
        Files.write(Path.of(out), g.generate(new CMSProcessableByteArray(bytes(in)), !detached).getEncoded());
        say("signed " + (detached ? "detached" : "attached"));
    }

    /** Writes the folder's key anew with a salt of its own: a key file that others made, for ingam to open. */
    static void rekey(String folder, String passwordFile, String out) throws Exception {
        byte[] plain = open(folder, passwordFile).getEncoded(ASN1Encoding.DER);
        byte[] salt = new byte[8];
        new SecureRandom().nextBytes(salt);
        ASN1EncodableVector p = new ASN1EncodableVector();
        p.add(new DEROctetString(salt));
        p.add(new ASN1Integer(1024));
        byte[] sealed = seed(true, text(passwordFile), salt, 1024, plain);
        AlgorithmIdentifier alg = new AlgorithmIdentifier(new ASN1ObjectIdentifier(SEED_PBE), new DERSequence(p));
        Files.createDirectories(Path.of(out));
        Files.copy(Path.of(folder, "signCert.der"), Path.of(out, "signCert.der"));
        Files.write(Path.of(out, "signPri.key"), new EncryptedPrivateKeyInfo(alg, sealed).getEncoded(ASN1Encoding.DER));
        say("key written anew with 1,024 iterations");
    }

    static PrivateKeyInfo open(String folder, String passwordFile) throws Exception {
        EncryptedPrivateKeyInfo file = EncryptedPrivateKeyInfo.getInstance(bytes(folder + "/signPri.key"));
        if (file.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            return new PKCS8EncryptedPrivateKeyInfo(file).decryptPrivateKeyInfo(
                new JcePKCSPBEInputDecryptorProviderBuilder().setProvider("BC").build(text(passwordFile).toCharArray()));
        }
        require(file.getEncryptionAlgorithm().getAlgorithm().getId().equals(SEED_PBE), "neither PBES2 nor PBES1 with SEED");
        ASN1Sequence p = ASN1Sequence.getInstance(file.getEncryptionAlgorithm().getParameters());
        byte[] salt = ASN1OctetString.getInstance(p.getObjectAt(0)).getOctets();
        int iterations = ASN1Integer.getInstance(p.getObjectAt(1)).intValueExact();
        return PrivateKeyInfo.getInstance(seed(false, text(passwordFile), salt, iterations, file.getEncryptedData()));
    }

    static byte[] seed(boolean encrypt, String password, byte[] salt, int iterations, byte[] in) throws Exception {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(password.getBytes(StandardCharsets.US_ASCII));
        byte[] dk = sha1.digest(salt);
        for (int i = 1; i < iterations; i++) {
            dk = sha1.digest(dk);
        }
        byte[] iv = Arrays.copyOf(sha1.digest(Arrays.copyOfRange(dk, 16, 20)), 16);
        PaddedBufferedBlockCipher c = new PaddedBufferedBlockCipher(new CBCBlockCipher(new SEEDEngine()), new PKCS7Padding());
        c.init(encrypt, new ParametersWithIV(new KeyParameter(Arrays.copyOf(dk, 16)), iv));
        byte[] out = new byte[c.getOutputSize(in.length)];
        int n = c.processBytes(in, 0, in.length, out, 0);
        n += c.doFinal(out, n);
        return Arrays.copyOf(out, n);
    }

    static ASN1BitString randomNumber(PrivateKeyInfo info) {
        ASN1Set attributes = info.getAttributes();
        require(attributes != null, "the key has no attributes, so no R");
        for (int i = 0; i < attributes.size(); i++) {
            Attribute at = Attribute.getInstance(attributes.getObjectAt(i));
            if (at.getAttrType().getId().equals(RANDOM_NUM)) {
                return ASN1BitString.getInstance(at.getAttributeValues()[0]);
            }
        }
        throw new IllegalStateException("the key has no R");
    }

    static byte[] vid(X509Certificate cert) throws Exception {
        ASN1Sequence userInfo = ASN1Sequence.getInstance(identifyData(cert).getObjectAt(1));
        ASN1Sequence vid = ASN1Sequence.getInstance(ASN1Sequence.getInstance(userInfo.getObjectAt(0)).getObjectAt(1));
        return ASN1OctetString.getInstance(ASN1TaggedObject.getInstance(vid.getObjectAt(1)), true).getOctets();
    }

    static String realName(X509Certificate cert) throws Exception {
        return ASN1UTF8String.getInstance(identifyData(cert).getObjectAt(0)).getString();
    }

    static ASN1Sequence identifyData(X509Certificate cert) throws Exception {
        byte[] san = ASN1OctetString.getInstance(cert.getExtensionValue(Extension.subjectAlternativeName.getId())).getOctets();
        for (GeneralName name : GeneralNames.getInstance(san).getNames()) {
            if (name.getTagNo() != GeneralName.otherName) {
                continue;
            }
            ASN1Sequence other = ASN1Sequence.getInstance(name.getName());
            require(ASN1ObjectIdentifier.getInstance(other.getObjectAt(0)).getId().equals(IDENTIFY_DATA), "not IdentifyData");
            return ASN1Sequence.getInstance(ASN1TaggedObject.getInstance(other.getObjectAt(1)), true);
        }
        throw new IllegalStateException("no IdentifyData in subjectAltName");
    }

    static PrivateKey jca(PrivateKeyInfo info) throws Exception {
        return KeyFactory.getInstance("RSA", "BC").generatePrivate(new PKCS8EncodedKeySpec(
            new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), info.parsePrivateKey()).getEncoded()));
    }

    static X509Certificate certificate(String file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(new ByteArrayInputStream(bytes(file)));
    }

    static byte[] bytes(String file) throws Exception {
        return Files.readAllBytes(Path.of(file));
    }

    static String text(String file) throws Exception {
        return Files.readString(Path.of(file)).trim();
    }

    static void require(boolean ok, String otherwise) {
        if (!ok) {
            throw new IllegalStateException(otherwise);
        }
    }

    static void say(String line) {
        System.out.println("bouncy castle: " + line);
    }
}
