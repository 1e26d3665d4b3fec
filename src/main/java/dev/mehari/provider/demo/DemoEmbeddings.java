package dev.mehari.provider.demo;

import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Embeddings without a model: the sum of a hash of each word, of length 1. The same text has the same vector everywhere
 * and always; texts that share words are near each other. A word counts as a token. Stateless and thread-safe.
 */
final class DemoEmbeddings {
    static final int USUAL_DIMENSIONS = 256;
    private static final int MOST_DIMENSIONS = 4096;

    private DemoEmbeddings() {}

    /** @throws InvalidRequest more dimensions than it makes */
    static EmbeddingsResponse answer(EmbeddingsRequest request, String alias) {
        int dimensions = request.dimensions() == null ? USUAL_DIMENSIONS : request.dimensions();
        if (dimensions > MOST_DIMENSIONS) {
            throw new InvalidRequest(
                    "invalid_value",
                    "dimensions",
                    "the demo provider makes at most " + MOST_DIMENSIONS + " dimensions");
        }
        List<float[]> vectors = new ArrayList<>(request.inputs().size());
        long tokens = 0;
        for (EmbeddingsRequest.Input input : request.inputs()) {
            List<String> words = words(input);
            tokens += words.size();
            vectors.add(vector(words, dimensions));
        }
        return new EmbeddingsResponse(alias, vectors, Usage.of(tokens, null));
    }

    private static List<String> words(EmbeddingsRequest.Input input) {
        return switch (input) {
            case EmbeddingsRequest.Input.Text text ->
                Arrays.asList(text.text().strip().toLowerCase(Locale.ROOT).split("\\s+"));
            case EmbeddingsRequest.Input.Tokens tokens ->
                tokens.ids().stream().map(id -> "#" + id).toList();
        };
    }

    private static float[] vector(List<String> words, int dimensions) {
        double[] sum = new double[dimensions];
        words.forEach(word -> add(word, sum));
        double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            // Words that cancel each other out have no direction; any will do.
            vector[i] = (float) (length == 0 ? (i == 0 ? 1 : 0) : sum[i] / length);
        }
        return vector;
    }

    /** Adds numbers from -1 to 1 that the word's hash gives: eight from each block of the hash of word and counter. */
    private static void add(String word, double[] sum) {
        MessageDigest hash = sha256();
        byte[] text = word.getBytes(StandardCharsets.UTF_8);
        ByteBuffer block = ByteBuffer.allocate(0);
        for (int i = 0; i < sum.length; i++) {
            if (!block.hasRemaining()) {
                hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(i).flip());
                block = ByteBuffer.wrap(hash.digest(text));
            }
            sum[i] += block.getInt() / -(double) Integer.MIN_VALUE;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
