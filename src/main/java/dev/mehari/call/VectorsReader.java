package dev.mehari.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.Answer;
import dev.mehari.chat.Json;
import dev.mehari.chat.Vectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The vectors of an answer, whatever form they are written in. Stateless and thread-safe. */
final class VectorsReader {
    private VectorsReader() {}

    /** In the order of their inputs; null when the answer does not hold one for each. */
    static @Nullable List<float[]> read(Answer answer, int inputs) {
        List<float[]> vectors =
                switch (answer) {
                    case Answer.Embedded embedded -> embedded.response().vectors();
                    case Answer.Bytes bytes -> read(bytes.json());
                    case Answer.Translated chat -> List.of();
                };
        return vectors.size() == inputs ? vectors : null;
    }

    private static List<float[]> read(byte[] json) {
        TreeMap<Integer, float[]> byIndex = new TreeMap<>();
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean data = parser.currentName().equals("data");
                if (parser.nextToken() == JsonToken.START_ARRAY && data) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        entry(parser, byIndex);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException | IllegalArgumentException otherForm) {
            return List.of();
        }
        return new ArrayList<>(byIndex.values());
    }

    private static void entry(JsonParser parser, TreeMap<Integer, float[]> byIndex) throws IOException {
        int index = byIndex.size();
        float[] vector = new float[0];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("embedding") && token == JsonToken.VALUE_STRING) {
                vector = Vectors.ofBase64(parser.getText());
            } else if (name.equals("embedding") && token == JsonToken.START_ARRAY) {
                vector = numbers(parser);
            } else {
                parser.skipChildren();
            }
        }
        byIndex.put(index, vector);
    }

    private static float[] numbers(JsonParser parser) throws IOException {
        float[] numbers = new float[1536];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = parser.getFloatValue();
        }
        return Arrays.copyOf(numbers, count);
    }
}
