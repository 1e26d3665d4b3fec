package dev.mehari.provider.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.EmbeddingsRequest.Input;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.Extras;
import dev.mehari.chat.GatewayException.InvalidRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoEmbeddingsTest {
    private static EmbeddingsResponse answer(@Nullable Integer dimensions, Input... inputs) {
        return DemoEmbeddings.answer(
                new EmbeddingsRequest("demo", List.of(inputs), dimensions, Form.FLOAT, null, Extras.NONE), "demo");
    }

    private static List<float[]> vectors(String... texts) {
        return answer(null, Stream.of(texts).map(Input.Text::new).toArray(Input[]::new))
                .vectors();
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    @Test
    void theSameTextHasTheSameVectorOfLengthOne() {
        float[] vector = vectors("the quick brown fox").getFirst();
        assertThat(vectors("something else", "the quick brown fox").get(1)).containsExactly(vector);
        assertThat(vector).hasSize(256);
        assertThat(product(vector, vector)).isCloseTo(1, within(1e-5));
    }

    @Test
    void itIsTheSameEverywhere() {
        assertThat(answer(2, new Input.Text("hello")).vectors().getFirst()).containsExactly(0.89527637f, -0.44551116f);
    }

    @Test
    void textsThatShareWordsAreNear() {
        List<float[]> vectors = vectors("a red apple", "a green apple", "how do I reset my password");
        assertThat(product(vectors.get(0), vectors.get(1))).isGreaterThan(0.5);
        assertThat(Math.abs(product(vectors.get(0), vectors.get(2)))).isLessThan(0.3);
    }

    @Test
    void aWordOrATokenNumberCountsAsAToken() {
        EmbeddingsResponse answer = answer(8, new Input.Text("two words"), new Input.Tokens(List.of(1, 2, 3)));
        assertThat(answer.usage().promptTokens()).isEqualTo(5);
        assertThat(answer.vectors()).hasSize(2).allSatisfy(vector -> assertThat(vector)
                .hasSize(8));
    }

    @Test
    void moreDimensionsThanItMakesAreRefused() {
        InvalidRequest refusal =
                catchThrowableOfType(InvalidRequest.class, () -> answer(4097, new Input.Text("hello")));
        assertThat(refusal.param()).isEqualTo("dimensions");
    }
}
