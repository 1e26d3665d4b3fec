package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every error of the gateway must be: OpenAI's error object with its four keys, as JSON, under a request id. */
public final class ErrorCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorCheck() {}

    /** @return the error object */
    public static JsonNode error(HttpResponse<String> answer, int status) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        return error(new RawHttp.Reply(answer.statusCode(), headers, answer.body()), status);
    }

    /** @return the error object */
    public static JsonNode error(RawHttp.Reply answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("x-request-id")).isNotBlank();
        assertThat(answer.body()).doesNotContainIgnoringCase("<html", "exception", "dev.mehari", "\\tat ");
        JsonNode body = tree(answer.body());
        assertThat(names(body)).containsExactly("error");
        assertThat(names(body.path("error"))).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(body.at("/error/message").asText()).isNotBlank();
        assertThat(body.at("/error/type").asText()).isNotBlank();
        return body.path("error");
    }

    public static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException notJson) {
            throw new AssertionError("not JSON: " + json, notJson);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
