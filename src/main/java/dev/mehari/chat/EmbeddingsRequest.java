package dev.mehari.chat;

import dev.mehari.chat.GatewayException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request for embeddings: a vector for each input. Immutable; raw JSON inside is not to be changed.
 *
 * @param model the model's name as the client wrote it; null when it left the choice to the gateway
 * @param inputs at least one, none of them empty
 * @param dimensions how long the vectors should be; null: as the model makes them
 * @param form how the client wants them written
 * @param user the end user's id
 * @param extras top-level fields without a typed home, by their name in the client's request
 */
public record EmbeddingsRequest(
        @Nullable String model,
        List<Input> inputs,
        @Nullable Integer dimensions,
        Form form,
        @Nullable String user,
        Extras extras) {

    public EmbeddingsRequest {
        inputs = List.copyOf(inputs);
    }

    /** What one vector is made of. */
    public sealed interface Input {
        record Text(String text) implements Input {}

        /** @param ids numbers of tokens, which only the model that they were made for understands */
        record Tokens(List<Integer> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }

    /** How vectors are written. */
    public enum Form {
        /** As JSON numbers. */
        FLOAT,
        /** As float32, little-endian, in base64. OpenAI's Python client asks for it whenever its user does not choose. */
        BASE64;

        /** Which one a request asks for, without reading all of it. */
        public static Form of(JsonObject request) {
            return request.text(request.field("encoding_format")).equals("base64") ? BASE64 : FLOAT;
        }
    }

    /**
     * The inputs for a provider that has a tokenizer of its own.
     *
     * @param provider its name, for the message
     * @throws InvalidRequest an input is given as tokens
     */
    public List<String> texts(String provider) {
        List<String> texts = new ArrayList<>(inputs.size());
        for (Input input : inputs) {
            switch (input) {
                case Input.Text text -> texts.add(text.text());
                case Input.Tokens tokens ->
                    throw new InvalidRequest(
                            "unsupported_value",
                            "input",
                            "input must be text for provider \"" + provider
                                    + "\": token numbers mean something else to its models");
            }
        }
        return texts;
    }
}
