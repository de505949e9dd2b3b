import io.github.eelbert.EelbertText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts what it is given to EelbertText, many threads at once, and prints what it answers. */
public final class EelbertTextCheck {
    private static final int TIMES = 8;

    public static void main(String[] arguments) throws IOException {
        List<String> lines = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().toList();
        // Each line again and again, on all threads that there are.
        List<String> answers = IntStream.range(0, TIMES * lines.size()).parallel()
                .mapToObj(i -> answer(lines.get(i % lines.size()))).collect(Collectors.toList());
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).equals(answers.get(i % lines.size()))) {
                throw new AssertionError("Threads disagree about: " + lines.get(i % lines.size()));
            }
        }
        answers.subList(0, lines.size()).forEach(System.out::println);
    }

    /** A line is a kind, a number and values in hexadecimal. */
    private static String answer(String line) {
        String[] fields = line.split(" ");
        int number = Integer.parseInt(fields[1]);
        int[] values = Arrays.stream(fields).skip(2).mapToInt(v -> Integer.parseInt(v, 16)).toArray();
        switch (fields[0]) {
            case "units": // UTF-16
                return codePoints(new String(characters(values)), number);
            case "bytes":
                byte[] bytes = new byte[values.length];
                for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
                return codePoints(new String(bytes, StandardCharsets.UTF_8), number);
            case "labels":
                return EelbertText.labels(new StringReader(new String(characters(values)))).toString();
            case "top":
                float[] shares = new float[values.length];
                for (int i = 0; i < values.length; i++) shares[i] = values[i] / 256f;
                return Arrays.toString(EelbertText.top(shares, number));
            default:
                throw new IllegalArgumentException(line);
        }
    }

    private static char[] characters(int[] units) {
        char[] result = new char[units.length];
        for (int i = 0; i < units.length; i++) result[i] = (char) units[i];
        return result;
    }

    private static String codePoints(String text, int length) {
        return Arrays.toString(EelbertText.codePoints(text, length));
    }
}
