import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.kisa.KISAObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.nsri.NSRIObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.ARIAEngine;
import org.bouncycastle.crypto.engines.SEEDEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.bc.BcDefaultDigestProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * Bouncy Castle's side of the matrix of forms. In a folder it opens each key
 * file ours/NAME.key and PFX ours/NAME.pfx and writes the keys it finds, in
 * clear, to opened/NAME.N; and it writes the key plain.N with certificate
 * cert.N in the forms it knows to theirs/. One line for each thing done: what,
 * name, and "itself" or, where its own reader does not know the form, "parts".
 */
public final class Forms {
    static final int ITERATIONS = 2048;
    static final String SEED15 = "1.2.410.200004.1.15";
    static Path dir;
    static char[] password;

    public static void main(String[] a) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        dir = Path.of(a[0]);
        password = Files.readString(dir.resolve("password")).trim().toCharArray();
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(dir.resolve("ours"))) {
            for (Path p : ours) {
                String name = p.getFileName().toString();
                try {
                    say("opened", name, name.endsWith(".pfx") ? openPFX(name, Files.readAllBytes(p)) : openKey(name, Files.readAllBytes(p)));
                } catch (Exception e) {
                    say("refused", name, e.toString().replace('\n', ' '));
                }
            }
        }
        writeKeys();
        writePFX();
    }

    static void say(String what, String name, String how) { System.out.println(what + " " + name + " " + how); }

    static InputDecryptorProvider opener() { return new JcePKCSPBEInputDecryptorProviderBuilder().setProvider("BC").build(password); }

    static String openKey(String name, byte[] file) throws Exception {
        try {
            keep(name, 0, new PKCS8EncryptedPrivateKeyInfo(file).decryptPrivateKeyInfo(opener()).getEncoded(ASN1Encoding.DER));
            return "itself";
        } catch (Exception e) {
            EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(file);
            keep(name, 0, PrivateKeyInfo.getInstance(crypt(false, info.getEncryptionAlgorithm(), info.getEncryptedData())).getEncoded(ASN1Encoding.DER));
            return "parts";
        }
    }

    static void keep(String name, int n, byte[] pkcs8) throws Exception { Files.write(dir.resolve("opened").resolve(name + "." + n), pkcs8); }

    /** Puts a form together from Bouncy Castle's ciphers and derivations. */
    static byte[] crypt(boolean encrypt, AlgorithmIdentifier algorithm, byte[] in) throws Exception {
        byte[] pass = new String(password).getBytes(StandardCharsets.UTF_8);
        byte[] key;
        byte[] iv;
        BlockCipher cipher = new SEEDEngine();
        if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            PBES2Parameters p = PBES2Parameters.getInstance(algorithm.getParameters());
            PBKDF2Params kdf = PBKDF2Params.getInstance(p.getKeyDerivationFunc().getParameters());
            ASN1ObjectIdentifier oid = p.getEncryptionScheme().getAlgorithm();
            int size = 16;
            if (oid.on(new ASN1ObjectIdentifier("1.2.410.200046.1.1"))) {
                cipher = new ARIAEngine();
                size = oid.equals(NSRIObjectIdentifiers.id_aria256_cbc) ? 32 : oid.equals(NSRIObjectIdentifiers.id_aria192_cbc) ? 24 : 16;
            } else if (!oid.equals(KISAObjectIdentifiers.id_seedCBC)) {
                throw new IllegalArgumentException("cipher " + oid);
            }
            PKCS5S2ParametersGenerator g = new PKCS5S2ParametersGenerator(digest(kdf.getPrf().getAlgorithm()));
            g.init(pass, kdf.getSalt(), kdf.getIterationCount().intValue());
            key = ((KeyParameter) g.generateDerivedParameters(8 * size)).getKey();
            iv = ASN1OctetString.getInstance(p.getEncryptionScheme().getParameters()).getOctets();
        } else {
            PBEParameter p = PBEParameter.getInstance(ASN1Sequence.getInstance(algorithm.getParameters()));
            byte[] t = new byte[pass.length + p.getSalt().length];
            System.arraycopy(pass, 0, t, 0, pass.length);
            System.arraycopy(p.getSalt(), 0, t, pass.length, p.getSalt().length);
            for (int i = 0; i < p.getIterationCount().intValue(); i++) {
                t = sha1(t);
            }
            key = Arrays.copyOf(t, 16);
            switch (algorithm.getAlgorithm().getId()) {
                case SEED15: iv = Arrays.copyOf(sha1(Arrays.copyOfRange(t, 16, 20)), 16); break;
                case "1.2.410.200004.1.4": iv = "0123456789012345".getBytes(StandardCharsets.US_ASCII); break;
                default: throw new IllegalArgumentException("scheme " + algorithm.getAlgorithm());
            }
        }
        PaddedBufferedBlockCipher c = new PaddedBufferedBlockCipher(new CBCBlockCipher(cipher), new PKCS7Padding());
        c.init(encrypt, new ParametersWithIV(new KeyParameter(key), iv));
        byte[] out = new byte[c.getOutputSize(in.length)];
        int n = c.processBytes(in, 0, in.length, out, 0);
        return Arrays.copyOf(out, n + c.doFinal(out, n));
    }

    static byte[] sha1(byte[] in) {
        Digest d = new SHA1Digest();
        d.update(in, 0, in.length);
        byte[] out = new byte[20];
        d.doFinal(out, 0);
        return out;
    }

    static Digest digest(ASN1ObjectIdentifier prf) {
        return prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA224) ? new SHA224Digest()
            : prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA256) ? new SHA256Digest()
            : prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA384) ? new SHA384Digest()
            : prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA512) ? new SHA512Digest() : new SHA1Digest();
    }

    static String openPFX(String name, byte[] file) throws Exception {
        PKCS12PfxPdu pfx = new PKCS12PfxPdu(file);
        if (!pfx.isMacValid(new BcPKCS12MacCalculatorBuilderProvider(BcDefaultDigestProvider.INSTANCE), password)) {
            throw new IllegalStateException("the MAC is wrong");
        }
        int keys = 0;
        int certificates = 0;
        for (ContentInfo content : pfx.getContentInfos()) {
            boolean sealed = content.getContentType().equals(PKCSObjectIdentifiers.encryptedData);
            PKCS12SafeBagFactory bags = sealed ? new PKCS12SafeBagFactory(content, opener()) : new PKCS12SafeBagFactory(content);
            for (PKCS12SafeBag bag : bags.getSafeBags()) {
                Object value = bag.getBagValue();
                if (value instanceof PKCS8EncryptedPrivateKeyInfo) {
                    keep(name, keys++, ((PKCS8EncryptedPrivateKeyInfo) value).decryptPrivateKeyInfo(opener()).getEncoded(ASN1Encoding.DER));
                } else if (value instanceof X509CertificateHolder) {
                    certificates++;
                }
            }
        }
        if (certificates < keys) {
            throw new IllegalStateException("fewer certificates than keys");
        }
        return "itself";
    }

    static PrivateKeyInfo plain(int n) throws Exception { return PrivateKeyInfo.getInstance(Files.readAllBytes(dir.resolve("plain." + n))); }

    static X509CertificateHolder certificate(int n) throws Exception { return new X509CertificateHolder(Files.readAllBytes(dir.resolve("cert." + n))); }

    static OutputEncryptor encryptor(ASN1ObjectIdentifier oid, ASN1ObjectIdentifier prf) throws Exception {
        JcePKCSPBEOutputEncryptorBuilder b = new JcePKCSPBEOutputEncryptorBuilder(oid).setProvider("BC").setIterationCount(ITERATIONS);
        if (prf != null) {
            b.setPRF(new AlgorithmIdentifier(prf, DERNull.INSTANCE));
        }
        return b.build(password);
    }

    static void writeKeys() throws Exception {
        Map<String, ASN1ObjectIdentifier> ciphers = new LinkedHashMap<>();
        ciphers.put("seed", KISAObjectIdentifiers.id_seedCBC);
        ciphers.put("aes128", NISTObjectIdentifiers.id_aes128_CBC);
        ciphers.put("aes192", NISTObjectIdentifiers.id_aes192_CBC);
        ciphers.put("aes256", NISTObjectIdentifiers.id_aes256_CBC);
        ciphers.put("aria128", NSRIObjectIdentifiers.id_aria128_cbc);
        ciphers.put("aria192", NSRIObjectIdentifiers.id_aria192_cbc);
        ciphers.put("aria256", NSRIObjectIdentifiers.id_aria256_cbc);
        ciphers.put("3des", PKCSObjectIdentifiers.des_EDE3_CBC);
        Map<String, ASN1ObjectIdentifier> prfs = new LinkedHashMap<>();
        prfs.put("sha1", PKCSObjectIdentifiers.id_hmacWithSHA1);
        prfs.put("sha224", PKCSObjectIdentifiers.id_hmacWithSHA224);
        prfs.put("sha256", PKCSObjectIdentifiers.id_hmacWithSHA256);
        prfs.put("sha384", PKCSObjectIdentifiers.id_hmacWithSHA384);
        prfs.put("sha512", PKCSObjectIdentifiers.id_hmacWithSHA512);
        for (Map.Entry<String, ASN1ObjectIdentifier> c : ciphers.entrySet()) {
            for (Map.Entry<String, ASN1ObjectIdentifier> prf : prfs.entrySet()) {
                String name = "pbes2-" + c.getKey() + "-" + prf.getKey() + ".key";
                String how = "itself";
                byte[] file;
                try {
                    file = new PKCS8EncryptedPrivateKeyInfoBuilder(plain(0)).build(encryptor(c.getValue(), prf.getValue())).getEncoded();
                } catch (Exception e) {
                    how = "parts";
                    file = byHand(pbes2(c.getValue(), prf.getValue()));
                }
                theirs(name, how, file);
            }
        }
        byte[] salt = "8 bytes!".getBytes(StandardCharsets.US_ASCII);
        for (Map.Entry<String, String> pbes1 : Map.of("seed15.key", SEED15, "seed4.key", "1.2.410.200004.1.4").entrySet()) {
            theirs(pbes1.getKey(), "parts", byHand(new AlgorithmIdentifier(new ASN1ObjectIdentifier(pbes1.getValue()), new PBEParameter(salt, ITERATIONS))));
        }
    }

    static AlgorithmIdentifier pbes2(ASN1ObjectIdentifier cipher, ASN1ObjectIdentifier prf) {
        byte[] salt = "sixteen bytes ..".getBytes(StandardCharsets.US_ASCII);
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(
            new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, ITERATIONS, new AlgorithmIdentifier(prf, DERNull.INSTANCE))),
            new EncryptionScheme(cipher, new DEROctetString(salt))));
    }

    static byte[] byHand(AlgorithmIdentifier algorithm) throws Exception {
        return new EncryptedPrivateKeyInfo(algorithm, crypt(true, algorithm, plain(0).getEncoded(ASN1Encoding.DER))).getEncoded(ASN1Encoding.DER);
    }

    static void theirs(String name, String how, byte[] file) throws Exception {
        Files.write(dir.resolve("theirs").resolve(name), file);
        say("wrote", name, how);
    }

    static void writePFX() throws Exception {
        ASN1ObjectIdentifier sha1 = PKCSObjectIdentifiers.id_hmacWithSHA1;
        ASN1ObjectIdentifier sha256 = PKCSObjectIdentifiers.id_hmacWithSHA256;
        ASN1ObjectIdentifier des3 = PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC;
        pfx("rc2-40-3des", PKCSObjectIdentifiers.pbeWithSHAAnd40BitRC2_CBC, des3, null, OIWObjectIdentifiers.idSHA1, 1);
        pfx("rc2-128-2des", PKCSObjectIdentifiers.pbeWithSHAAnd128BitRC2_CBC, PKCSObjectIdentifiers.pbeWithSHAAnd2_KeyTripleDES_CBC, null, OIWObjectIdentifiers.idSHA1, 1);
        pfx("3des", des3, des3, null, OIWObjectIdentifiers.idSHA1, 1);
        pfx("clear-3des", null, des3, null, OIWObjectIdentifiers.idSHA1, 1);
        pfx("aes128", NISTObjectIdentifiers.id_aes128_CBC, NISTObjectIdentifiers.id_aes128_CBC, sha1, OIWObjectIdentifiers.idSHA1, 1);
        pfx("aes256", NISTObjectIdentifiers.id_aes256_CBC, NISTObjectIdentifiers.id_aes256_CBC, sha256, NISTObjectIdentifiers.id_sha256, 1);
        pfx("seed", KISAObjectIdentifiers.id_seedCBC, KISAObjectIdentifiers.id_seedCBC, sha1, OIWObjectIdentifiers.idSHA1, 1);
        pfx("aria", NSRIObjectIdentifiers.id_aria128_cbc, NSRIObjectIdentifiers.id_aria256_cbc, sha256, NISTObjectIdentifiers.id_sha256, 1);
        pfx("two", null, NISTObjectIdentifiers.id_aes256_CBC, sha256, NISTObjectIdentifiers.id_sha256, 2);
    }

    /** Writes so many keys with their certificates; a null cipher leaves the certificates in clear. */
    static void pfx(String name, ASN1ObjectIdentifier forCertificates, ASN1ObjectIdentifier forKeys, ASN1ObjectIdentifier prf, ASN1ObjectIdentifier mac, int n) throws Exception {
        try {
            PKCS12PfxPduBuilder b = new PKCS12PfxPduBuilder();
            PKCS12SafeBag[] certificates = new PKCS12SafeBag[n];
            for (int i = 0; i < n; i++) {
                DEROctetString id = new DEROctetString(new byte[] {(byte) i, 1, 2, 3});
                certificates[i] = new PKCS12SafeBagBuilder(certificate(i)).addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, id).build();
                b.addData(new PKCS12SafeBagBuilder(plain(i), encryptor(forKeys, prf)).addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, id).build());
            }
            if (forCertificates == null) {
                for (PKCS12SafeBag bag : certificates) {
                    b.addData(bag);
                }
            } else {
                b.addEncryptedData(encryptor(forCertificates, prf), certificates);
            }
            PKCS12PfxPdu pfx = b.build(new JcePKCS12MacCalculatorBuilder(mac).setProvider("BC").setIterationCount(ITERATIONS), password);
            theirs(name + ".pfx", "itself", pfx.getEncoded());
        } catch (Exception e) {
            say("refused", name + ".pfx", e.toString().replace('\n', ' '));
        }
    }
}
