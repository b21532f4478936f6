/** Says that it is there, reads a line and ends. */
public class Sleeper {
    public static void main(String[] arguments) throws Exception {
        System.out.println("up");
        System.in.read();
    }
}
