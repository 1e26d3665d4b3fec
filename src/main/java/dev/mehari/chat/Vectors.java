package dev.mehari.chat;

import dev.mehari.chat.EmbeddingsRequest.Form;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Vectors as JSON: an array of numbers, or a string of base64 that holds float32 in little-endian order. Source: OpenAI
 * API reference, {@code encoding_format}; openai-python {@code resources/embeddings.py}, read 2026-11-21.
 */
public final class Vectors {
    private Vectors() {}

    /** Appends the vector as a JSON value. */
    public static void write(float[] vector, Form form, ByteSink out) {
        switch (form) {
            case FLOAT -> {
                for (int i = 0; i < vector.length; i++) {
                    out.write(i == 0 ? '[' : ',').write(Float.toString(vector[i]));
                }
                out.write(vector.length == 0 ? "[]" : "]");
            }
            case BASE64 -> {
                ByteBuffer bytes =
                        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                out.write('"').write(Base64.getEncoder().encode(bytes.array())).write('"');
            }
        }
    }

    /**
     * The vector that a string of base64 holds.
     *
     * @throws IllegalArgumentException it is none
     */
    public static float[] ofBase64(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() % Float.BYTES != 0) {
            throw new IllegalArgumentException("not a whole number of floats");
        }
        float[] vector = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("JSON has no word for " + number);
            }
        }
        return vector;
    }
}
