import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges chains by real handshakes on loopback: the server sends whatever bytes a case holds, the client trusts what the case
 * trusts. Reads lines HOST TAB ANCHOR,ANCHOR TAB CERTIFICATE,CERTIFICATE (base64), writes lines STAGE TAB EXCEPTION TAB CAUSE
 * in base64; STAGE is accepted, rejected, store (the anchors can't be loaded) or unasked (no handshake got that far, and it was
 * not for what the server sent). The first lines name the version, the security properties asked for, and the block list.
 */
public final class ChainOracle {
    private static volatile byte[][] sent;
    private static KeyPair key;

    public static void main(String[] properties) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        out.println(System.getProperty("java.version"));
        for (String property : properties) {
            String value = Security.getProperty(property);
            out.println(value == null ? "-" : "+" + value);
        }
        Path blocked = Paths.get(System.getProperty("java.home"), "lib", "security", "blocked.certs");
        out.println(Files.exists(blocked) ? encode(new String(Files.readAllBytes(blocked), StandardCharsets.UTF_8)) : "-");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys()}, null, null);
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, loopback);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(judge(line.split("\t", -1), server, loopback));
        }
        System.exit(0);
    }

    private static String judge(String[] fields, SSLServerSocket server, InetAddress loopback) throws Exception {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            String[] anchors = fields[1].split(",");
            for (int i = 0; i < anchors.length; i++) {
                byte[] der = Base64.getDecoder().decode(anchors[i]);
                store.setCertificateEntry("a" + i, factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (Exception e) {
            return "store" + texts(e);
        }
        String[] chain = fields[2].split(",");
        byte[][] certificates = new byte[chain.length][];
        for (int i = 0; i < chain.length; i++) {
            certificates[i] = Base64.getDecoder().decode(chain[i]);
        }
        sent = certificates;
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        Watched watched = new Watched((X509ExtendedTrustManager) trust.getTrustManagers()[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {watched}, null);
        try (Socket plain = new Socket(loopback, server.getLocalPort())) {
            final Socket accepted = server.accept();
            Thread answering = new Thread(() -> answer((SSLSocket) accepted));
            answering.start();
            try {
                plain.setSoTimeout(60000);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, fields[0], 443, true);
                SSLParameters parameters = new SSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return "accepted";
            } catch (Throwable e) {
                boolean isUnread = String.valueOf(e).contains("Failed to parse server certificates");
                return (watched.passed ? "accepted" : watched.asked || isUnread ? "rejected" : "unasked") + texts(e);
            } finally {
                plain.close();
                answering.join();
            }
        }
    }

    private static void answer(SSLSocket socket) {
        try {
            socket.setSoTimeout(60000);
            socket.startHandshake();
            while (socket.getInputStream().read() >= 0) { }
        } catch (Exception e) {
            // the client tells what happened
        } finally {
            try {
                socket.close();
            } catch (Exception e) {
                // it is gone
            }
        }
    }

    private static String texts(Throwable thrown) {
        StringBuilder texts = new StringBuilder();
        int depth = 0;
        for (Throwable e = thrown; e != null && depth < 20; e = e.getCause(), depth++) {
            texts.append('\t').append(encode(e.toString()));
        }
        return texts.toString();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The runtime's own trust manager, watched. */
    private static final class Watched extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager real;
        private volatile boolean asked;
        private volatile boolean passed;

        Watched(X509ExtendedTrustManager real) { this.real = real; }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws java.security.cert.CertificateException {
            asked = true;
            real.checkServerTrusted(chain, type, socket);
            passed = true;
        }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) { throw new IllegalStateException(); }
        @Override public void checkServerTrusted(X509Certificate[] chain, String type) { throw new IllegalStateException(); }
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) { throw new IllegalStateException(); }
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) { throw new IllegalStateException(); }
        @Override public void checkClientTrusted(X509Certificate[] chain, String type) { throw new IllegalStateException(); }
        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }

    /** A key that goes with any certificate. */
    private static final class Keys extends X509ExtendedKeyManager {
        @Override public String chooseServerAlias(String type, Principal[] issuers, Socket socket) { return type.startsWith("EC") ? "key" : null; }
        @Override public String[] getServerAliases(String type, Principal[] issuers) { return null; }
        @Override public String[] getClientAliases(String type, Principal[] issuers) { return null; }
        @Override public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) { return null; }
        @Override public PrivateKey getPrivateKey(String alias) { return key.getPrivate(); }

        @Override public X509Certificate[] getCertificateChain(String alias) {
            byte[][] certificates = sent;
            X509Certificate[] chain = new X509Certificate[certificates.length];
            for (int i = 0; i < chain.length; i++) {
                chain[i] = new Bytes(certificates[i]);
            }
            return chain;
        }
    }

    /** A certificate to the server: bytes that it sends as they are. */
    private static final class Bytes extends X509Certificate {
        private final byte[] der;

        Bytes(byte[] der) { this.der = der; }

        @Override public byte[] getEncoded() { return der; }
        @Override public PublicKey getPublicKey() { return key.getPublic(); }
        @Override public String toString() { return "bytes"; }
        @Override public void verify(PublicKey by) { }
        @Override public void verify(PublicKey by, String provider) { }
        @Override public void checkValidity() { }
        @Override public void checkValidity(Date date) { }
        @Override public int getVersion() { return 3; }
        @Override public BigInteger getSerialNumber() { return BigInteger.ONE; }
        @Override public Principal getIssuerDN() { return getSubjectX500Principal(); }
        @Override public Principal getSubjectDN() { return getSubjectX500Principal(); }
        @Override public javax.security.auth.x500.X500Principal getSubjectX500Principal() { return new javax.security.auth.x500.X500Principal("CN=server"); }
        @Override public javax.security.auth.x500.X500Principal getIssuerX500Principal() { return getSubjectX500Principal(); }
        @Override public Date getNotBefore() { return new Date(0); }
        @Override public Date getNotAfter() { return new Date(Long.MAX_VALUE); }
        @Override public byte[] getTBSCertificate() { return der; }
        @Override public byte[] getSignature() { return new byte[1]; }
        @Override public String getSigAlgName() { return "SHA256withECDSA"; }
        @Override public String getSigAlgOID() { return "1.2.840.10045.4.3.2"; }
        @Override public byte[] getSigAlgParams() { return null; }
        @Override public boolean[] getIssuerUniqueID() { return null; }
        @Override public boolean[] getSubjectUniqueID() { return null; }
        @Override public boolean[] getKeyUsage() { return null; }
        @Override public int getBasicConstraints() { return -1; }
        @Override public boolean hasUnsupportedCriticalExtension() { return false; }
        @Override public Set<String> getCriticalExtensionOIDs() { return null; }
        @Override public Set<String> getNonCriticalExtensionOIDs() { return null; }
        @Override public byte[] getExtensionValue(String oid) { return null; }
    }
}
