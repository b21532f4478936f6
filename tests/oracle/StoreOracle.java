import java.io.*;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.util.*;
import javax.crypto.*;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.*;

/**
 * Answers many questions about key stores in one JVM. Its argument is a file with a question a line, in fields parted by tabs;
 * each answer ends with a line "." on stdout.
 *
 * list STORE TYPE PASSWORD LEAF ISSUING   what KeyStore lists; whether the chain is trusted by it. TYPE "default": as for a truststore
 * keys STORE TYPE PASSWORD                the SHA-256 of every key that the password opens
 * parts STORE PASSWORD                    the SHA-256 of each entry (JKS, JCEKS) or bag (PKCS12, decrypted) as it stands in the file
 * edit STORE TYPE PASSWORD OUT STEP...    load, "+ALIAS=FILE" or "-ALIAS" each, store
 * keytool PROPERTIES ARGUMENT...          keytool itself; PROPERTIES "NAME=VALUE,..." or empty
 */
public class StoreOracle {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    for (String line : Files.readAllLines(Paths.get(args[0]), StandardCharsets.UTF_8)) {
      try {
        for (String told : answer(line.split("\t", -1))) { out.println(told); }
      } catch (Exception e) {
        out.println("EXC " + e);
      }
      out.println(".");
    }
    out.flush();
  }

  static List<String> answer(String[] q) throws Exception {
    switch (q[0]) {
      case "list": return list(open(q[1], q[2], q[3]), q[4], q[5]);
      case "keys": return keys(open(q[1], q[2], q[3]), q[3]);
      case "parts": return parts(Files.readAllBytes(Paths.get(q[1])), q[2]);
      case "edit": return edit(q);
      case "keytool": return keytool(q);
      default: throw new IllegalArgumentException(q[0]);
    }
  }

  static KeyStore open(String path, String type, String password) throws Exception {
    KeyStore store = KeyStore.getInstance(type.equals("default") ? KeyStore.getDefaultType() : type);
    try (InputStream in = new FileInputStream(path)) { store.load(in, chars(password)); }
    return store;
  }

  /** "null" is no password. */
  static char[] chars(String password) { return password.equals("null") ? null : password.toCharArray(); }

  static List<String> list(KeyStore store, String leaf, String issuing) throws Exception {
    List<String> told = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      StringBuilder line = new StringBuilder(alias);
      line.append(store.isCertificateEntry(alias) ? "\tT" : store.isKeyEntry(alias) ? "\tK" : "\t?");
      Certificate[] chain = store.getCertificateChain(alias);
      if (chain == null) {
        Certificate one = store.getCertificate(alias);
        chain = one == null ? new Certificate[0] : new Certificate[] {one};
      }
      for (Certificate certificate : chain) { line.append('\t').append(sha256(certificate.getEncoded())); }
      told.add(line.toString());
    }
    Collections.sort(told);
    told.add("accepts " + accepts(store, leaf, issuing));
    return told;
  }

  static boolean accepts(KeyStore store, String leaf, String issuing) throws Exception {
    X509Certificate[] chain = {certificate(leaf), certificate(issuing)};
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    try {
      ((X509TrustManager) factory.getTrustManagers()[0]).checkServerTrusted(chain, "UNKNOWN");
      return true;
    } catch (CertificateException | RuntimeException e) {
      return false;
    }
  }

  static X509Certificate certificate(String path) throws Exception {
    try (InputStream in = new FileInputStream(path)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  static List<String> keys(KeyStore store, String password) throws Exception {
    List<String> told = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        told.add(alias + "\t" + sha256(store.getKey(alias, chars(password)).getEncoded()));
      }
    }
    Collections.sort(told);
    return told;
  }

  static List<String> edit(String[] q) throws Exception {
    KeyStore store = open(q[1], q[2], q[3]);
    for (String step : Arrays.asList(q).subList(5, q.length)) {
      String[] words = step.substring(1).split("=", 2);
      if (step.startsWith("+")) {
        store.setCertificateEntry(words[0], certificate(words[1]));
      } else {
        store.deleteEntry(words[0]);
      }
    }
    try (OutputStream to = new FileOutputStream(q[4])) { store.store(to, chars(q[3])); }
    return Collections.singletonList("stored");
  }

  /** Needs --add-exports java.base/sun.security.tools.keytool=ALL-UNNAMED from 9 on. */
  static List<String> keytool(String[] q) throws Exception {
    List<String> arguments = new ArrayList<>(Arrays.asList(q).subList(2, q.length));
    arguments.add("-debug"); // throws instead of leaving the JVM
    List<String> names = new ArrayList<>();
    for (String property : q[1].split(",")) {
      String[] words = property.split("=", 2);
      if (words.length == 2) { System.setProperty(words[0], words[1]); names.add(words[0]); }
    }
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true));
    try {
      Method main = Class.forName("sun.security.tools.keytool.Main").getMethod("main", String[].class);
      main.invoke(null, (Object) arguments.toArray(new String[0]));
    } catch (Exception e) {
      throw new Exception(String.valueOf(said).replace('\n', ' '), e);
    } finally {
      System.setOut(before);
      for (String name : names) { System.clearProperty(name); }
    }
    return Collections.singletonList("done");
  }

  static List<String> parts(byte[] file, String password) throws Exception {
    return file[0] == 0x30 ? bags(file, chars(password)) : entries(file);
  }

  static List<String> entries(byte[] file) throws Exception {
    ByteArrayInputStream bytes = new ByteArrayInputStream(file);
    DataInputStream in = new DataInputStream(bytes);
    in.readInt();
    int version = in.readInt();
    List<String> told = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int start = file.length - bytes.available();
      int tag = in.readInt();
      String alias = in.readUTF();
      in.readLong();
      if (tag == 3) {
        new ObjectInputStream(in).readObject();
      } else {
        int chain = 1;
        if (tag == 1) { in.readFully(new byte[in.readInt()]); chain = in.readInt(); }
        for (; chain > 0; chain--) {
          if (version == 2) { in.readUTF(); }
          in.readFully(new byte[in.readInt()]);
        }
      }
      int end = file.length - bytes.available();
      told.add("entry " + alias + "\t" + sha256(Arrays.copyOfRange(file, start, end)));
    }
    return told;
  }

  static List<String> bags(byte[] file, char[] password) throws Exception {
    List<String> told = new ArrayList<>();
    Der pfx = new Der(file).inside();
    pfx.skip();
    byte[] authenticated = explicit(pfx.inside()).inside().value();
    int number = 0;
    for (Der parts = new Der(authenticated).inside(); parts.more(); number++) {
      Der part = parts.inside();
      boolean plain = Arrays.equals(part.value(), DATA);
      Der content = part.inside();
      byte[] contents = plain ? content.value() : decrypted(content.inside(), password);
      for (Der bags = new Der(contents).inside(); bags.more(); ) {
        told.add("bag " + (plain ? "plain" : "sealed") + number + "\t" + sha256(bags.whole()));
      }
    }
    return told;
  }

  static final byte[] DATA = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 7, 1};

  static Der explicit(Der content) { content.skip(); return content; }

  /** An EncryptedPrivateKeyInfo is made of algorithm and octets as EncryptedContentInfo is: JCA opens the one for the other. */
  static byte[] decrypted(Der encryptedData, char[] password) throws Exception {
    encryptedData.skip();
    Der info = encryptedData.inside();
    info.skip();
    byte[] algorithm = info.whole();
    byte[] octets = Der.write(4, info.value());
    EncryptedPrivateKeyInfo sealed =
        new EncryptedPrivateKeyInfo(Der.write(0x30, Der.join(algorithm, octets)));
    AlgorithmParameters parameters = sealed.getAlgParameters();
    String name = sealed.getAlgName();
    name = name.equals("PBES2") || name.startsWith("1.") ? parameters.toString() : name;
    Cipher cipher = Cipher.getInstance(name);
    cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance("PBE").generateSecret(new PBEKeySpec(password)), parameters);
    return cipher.doFinal(sealed.getEncryptedData());
  }

  static String sha256(byte[] bytes) throws Exception {
    StringBuilder text = new StringBuilder();
    for (byte octet : MessageDigest.getInstance("SHA-256").digest(bytes)) { text.append(String.format("%02x", octet)); }
    return text.toString();
  }

  /** A walk over definite-length DER. */
  static class Der {
    final byte[] bytes;
    int at;
    final int end;
    Der(byte[] bytes) { this(bytes, 0, bytes.length); }
    Der(byte[] bytes, int at, int end) { this.bytes = bytes; this.at = at; this.end = end; }

    boolean more() { return at < end; }
    Der inside() { int[] next = next(); return new Der(bytes, next[0], next[1]); }
    byte[] value() { int[] next = next(); return Arrays.copyOfRange(bytes, next[0], next[1]); }
    byte[] whole() { int start = at; return Arrays.copyOfRange(bytes, start, next()[1]); }
    void skip() { next(); }

    int[] next() {
      int length = bytes[at + 1] & 0xff, start = at + 2;
      if (length > 0x7f) {
        int octets = length & 0x7f;
        length = 0;
        for (int i = 0; i < octets; i++) { length = length << 8 | bytes[start++] & 0xff; }
      }
      at = start + length;
      return new int[] {start, at};
    }

    static byte[] write(int tag, byte[] content) {
      int n = content.length;
      return join(new byte[] {(byte) tag, (byte) 0x84, (byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n}, content);
    }

    static byte[] join(byte[] one, byte[] other) {
      byte[] both = Arrays.copyOf(one, one.length + other.length);
      System.arraycopy(other, 0, both, one.length, other.length);
      return both;
    }
  }
}
