package io.github.eelbert;

import java.io.BufferedReader;
import java.io.Reader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text side of a {@code .tflite}. It keeps nothing: safe to call from any thread. */
public final class EelbertText {
    private EelbertText() {}

    /** The code points of a text, cut or padded with zeros to the length of the model's input. */
    public static int[] codePoints(String text, int length) {
        int[] points = new int[length];
        int at = 0;
        for (int i = 0; i < length && at < text.length(); i++) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            points[i] = point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point; // half a pair
        }
        return points;
    }

    /** The names of the classes, from {@code labels.txt}. */
    public static List<String> labels(Reader file) {
        return new BufferedReader(file).lines().collect(Collectors.toList());
    }

    /** The indices of the highest probabilities, the highest first. */
    public static int[] top(float[] probabilities, int count) {
        return IntStream.range(0, probabilities.length).boxed()
                .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                .mapToInt(Integer::intValue).limit(count).toArray();
    }
}
