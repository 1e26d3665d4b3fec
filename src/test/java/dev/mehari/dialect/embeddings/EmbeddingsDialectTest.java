package dev.mehari.dialect.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.EmbeddingsRequest.Input;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.chat.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsDialectTest {
    private static final EmbeddingsDialect DIALECT = new EmbeddingsDialect();

    private static RequestFacts read(String json) {
        return DIALECT.read(json.getBytes(StandardCharsets.UTF_8), false);
    }

    private static EmbeddingsRequest request(String json) {
        return read(json).embeddings().get();
    }

    @Test
    void readsAllThereIs() {
        EmbeddingsRequest request = request("{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":256,"
                + "\"encoding_format\":\"base64\",\"user\":\"u\",\"input_type\":\"query\",\"provider\":\"openai\","
                + "\"nothing\":null}");
        assertThat(request.model()).isEqualTo("m");
        assertThat(request.inputs()).containsExactly(new Input.Text("a"), new Input.Text("b"));
        assertThat(request.dimensions()).isEqualTo(256);
        assertThat(request.form()).isEqualTo(Form.BASE64);
        assertThat(request.user()).isEqualTo("u");
        assertThat(request.extras().fields()).containsOnlyKeys("input_type");
    }

    @Test
    void anInputHasFourForms() {
        assertThat(request("{\"input\":\"a\"}").inputs()).containsExactly(new Input.Text("a"));
        assertThat(request("{\"input\":[\"a\"]}").inputs()).containsExactly(new Input.Text("a"));
        assertThat(request("{\"input\":[1,2]}").inputs()).containsExactly(new Input.Tokens(List.of(1, 2)));
        assertThat(request("{\"input\":[[1],[2,3]]}").inputs())
                .containsExactly(new Input.Tokens(List.of(1)), new Input.Tokens(List.of(2, 3)));
    }

    @Test
    void factsAreForTheRoutes() {
        RequestFacts facts = read("{\"input\":[\"abc\",\"de\"],\"model\":\"m\",\"provider\":{\"order\":[]}}");
        assertThat(facts.operation()).isEqualTo("embeddings");
        assertThat(facts.promptChars()).isEqualTo(5);
        assertThat(facts.provider()).isNull();
        assertThat(facts.stream()).isFalse();
        assertThat(read("{\"input\":[[1,2],[3]]}").promptChars()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|input|missing_required_parameter",
                "{\"input\":null}|input|missing_required_parameter",
                "{\"input\":\"\"}|input|invalid_value",
                "{\"input\":[]}|input|invalid_value",
                "{\"input\":[\"a\",\"\"]}|input[1]|invalid_value",
                "{\"input\":[[1],[]]}|input[1]|invalid_value",
                "{\"input\":7}|input|invalid_type",
                "{\"input\":{}}|input|invalid_type",
                "{\"input\":[true]}|input|invalid_type",
                "{\"input\":[1.5]}|input|invalid_type",
                "{\"input\":[\"a\",1]}|input[1]|invalid_type",
                "{\"input\":[1,\"a\"]}|input[1]|invalid_type",
                "{\"input\":[1,-2]}|input[1]|invalid_type",
                "{\"input\":[1,99999999999]}|input[1]|invalid_type",
                "{\"input\":[[1],\"a\"]}|input[1]|invalid_type",
                "{\"input\":[[1],[2,\"a\"]]}|input[1][1]|invalid_type",
                "{\"input\":\"a\",\"model\":7}|model|invalid_type",
                "{\"input\":\"a\",\"dimensions\":\"3\"}|dimensions|invalid_type",
                "{\"input\":\"a\",\"dimensions\":2.5}|dimensions|invalid_type",
                "{\"input\":\"a\",\"dimensions\":0}|dimensions|invalid_value",
                "{\"input\":\"a\",\"dimensions\":1e300}|dimensions|invalid_value",
                "{\"input\":\"a\",\"encoding_format\":\"int8\"}|encoding_format|invalid_value",
                "{\"input\":\"a\",\"encoding_format\":1}|encoding_format|invalid_type",
                "{\"input\":\"a\",\"user\":[]}|user|invalid_type"
            })
    void aMistakeIsNamed(String json, String param, String code) {
        InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> read(json));
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.text()).contains(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"input\":\"a\"", "{\"input\":\"a\"} {}", "nonsense"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> read(body));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.text()).startsWith("the request body");
    }

    @Test
    void tokensAreRefusedForProvidersWithATokenizerOfTheirOwn() {
        InvalidRequest refusal = catchThrowableOfType(
                InvalidRequest.class, () -> request("{\"input\":[1]}").texts("gemini"));
        assertThat(refusal.param()).isEqualTo("input");
        assertThat(refusal.text()).contains("gemini");
        assertThat(request("{\"input\":[\"a\",\"b\"]}").texts("gemini")).containsExactly("a", "b");
    }

    @Test
    void writesNumbersOrBase64() throws Exception {
        float[] vector = {1, -0.25f, 1e-9f, Float.MIN_VALUE, Float.MAX_VALUE};
        EmbeddingsResponse response = new EmbeddingsResponse("m", List.of(vector, vector), Usage.of(3L, null));
        String floats = new String(DIALECT.write(response, read("{\"input\":\"a\"}")), StandardCharsets.UTF_8);
        assertThat(floats)
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                        + "\"embedding\":[1.0,-0.25,1.0E-9,1.4E-45,3.4028235E38]},{\"object\":\"embedding\",\"index\":1,"
                        + "\"embedding\":[1.0,-0.25,1.0E-9,1.4E-45,3.4028235E38]}],\"model\":\"m\","
                        + "\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");
        byte[] base64 = DIALECT.write(response, read("{\"input\":\"a\",\"encoding_format\":\"base64\"}"));
        String text = Json.MAPPER.readTree(base64).at("/data/1/embedding").textValue();
        assertThat(text).startsWith("AACAPwAAgL");
        assertThat(Vectors.ofBase64(text)).containsExactly(vector);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$$$", "AACA", "AADAfw==", "AACAfw=="})
    void whatIsNoVectorOfNumbersIsRefused(String base64) {
        assertThatThrownBy(() -> Vectors.ofBase64(base64)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownCountIsLeftOut() {
        EmbeddingsResponse response = new EmbeddingsResponse("m", List.of(new float[0]), null);
        assertThat(new String(DIALECT.write(response, read("{\"input\":\"a\"}")), StandardCharsets.UTF_8))
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[]}],"
                        + "\"model\":\"m\"}");
    }

    @Test
    void partsJoinInOrderAndUsageOnlyWhenAllTellIt() {
        EmbeddingsResponse one = new EmbeddingsResponse("m", List.of(new float[] {1}), Usage.of(2L, null));
        EmbeddingsResponse two = new EmbeddingsResponse("m", List.of(new float[] {2}), Usage.of(3L, null));
        EmbeddingsResponse silent = new EmbeddingsResponse("m", List.of(new float[] {3}), null);
        EmbeddingsResponse joined = EmbeddingsResponse.join(List.of(one, two));
        assertThat(joined.vectors()).containsExactly(new float[] {1}, new float[] {2});
        assertThat(joined.usage()).isEqualTo(Usage.of(5L, null));
        assertThat(EmbeddingsResponse.join(List.of(one, silent)).usage()).isNull();
    }
}
