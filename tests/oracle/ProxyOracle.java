import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Properties;

/** Reads a scheme, a host and properties a line, divided by tabs; says which proxy Java would go through. */
public class ProxyOracle {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t", -1);
            Properties before = (Properties) System.getProperties().clone();
            for (int i = 2; i < fields.length; i++) {
                String[] pair = fields[i].split("=", 2);
                System.setProperty(pair[0], pair[1]);
            }
            URI uri = new URI(fields[0] + "://" + fields[1] + ":443");
            Proxy proxy = ProxySelector.getDefault().select(uri).get(0);
            InetSocketAddress address = (InetSocketAddress) proxy.address();
            System.out.println(address == null ? "DIRECT" : proxy.type() + " " + address.getPort());
            System.setProperties(before);
        }
    }
}
