import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.KeyStore;
import java.util.*;
import javax.net.ssl.*;

/** Does what SSLPoke does for each line `host port keystore` of a file, in one JVM, and says how each ended. */
public class PokeOracle {
  public static void main(String[] args) throws Exception {
    Map<String, SSLSocketFactory> factories = new HashMap<>();
    factories.put("-", (SSLSocketFactory) SSLSocketFactory.getDefault());
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line : Files.readAllLines(Paths.get(args[0]))) {
      String[] field = line.split("\t");
      if (!factories.containsKey(field[2])) factories.put(field[2], factory(field[2]));
      out.println(poke(factories.get(field[2]), field[0], Integer.parseInt(field[1])));
      out.flush();
    }
  }

  static String poke(SSLSocketFactory factory, String host, int port) {
    Socket socket = null;
    try {
      if (host.equals("localhost")) {
        socket = factory.createSocket(host, port);
      } else {
        // no resolver knows the name
        socket = factory.createSocket(new Socket("127.0.0.1", port), host, port, true);
      }
      socket.setSoTimeout(20000);
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      ((SSLSocket) socket).setSSLParameters(parameters);
      InputStream in = socket.getInputStream();
      socket.getOutputStream().write(1);
      while (in.available() > 0) in.read();
      return "connected";
    } catch (Throwable thrown) {
      StringBuilder told = new StringBuilder();
      for (Throwable each = thrown; each != null; each = each.getCause()) {
        if (each != thrown) told.append(" <- ");
        told.append(each.toString().replace('\n', ' '));
      }
      return told.toString();
    } finally {
      try { if (socket != null) socket.close(); } catch (IOException ignored) { }
    }
  }

  static SSLSocketFactory factory(String file) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(file)) { store.load(in, password); }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    KeyStore trusted = KeyStore.getInstance("JKS");
    try (InputStream in = new FileInputStream(System.getProperty("javax.net.ssl.trustStore"))) { trusted.load(in, null); }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
