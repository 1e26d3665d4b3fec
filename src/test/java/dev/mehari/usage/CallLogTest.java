package dev.mehari.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** One line a call, in words or as JSON. */
@ExtendWith(OutputCaptureExtension.class)
class CallLogTest {
    private static String line(CapturedOutput output, String part) {
        Eventually.holds(Duration.ofSeconds(20), "a line with " + part, () -> lines(output, part)
                .isPresent());
        return lines(output, part).orElseThrow();
    }

    private static java.util.Optional<String> lines(CapturedOutput output, String part) {
        return output.getOut().lines().filter(line -> line.contains(part)).findFirst();
    }

    @Test
    void aCallIsALineOfText(CapturedOutput output) {
        try (Gateway gateway = Gateway.start("logging.level.dev.mehari.messages=debug")) {
            gateway.post(
                    "/v1/chat/completions",
                    "{\"model\":\"demo\",\n\"messages\":[{\"role\":\"user\",\"content\":\"I am joe@example.com\"}]}",
                    "x-request-id",
                    "line-1");
            assertThat(line(output, "[line-1] chat demo at demo/demo: 200 in ")).contains(" ms, ours ");
            assertThat(line(output, "[line-1] asked: "))
                    .contains("{\"model\":\"demo\",\"messages\":", "I am [e-mail]")
                    .doesNotContain("joe@");
            assertThat(line(output, "[line-1] answered: ")).contains("chat.completion");
            gateway.chat("{\"model\":\"demo\",\n\"messages\":[]}", "x-request-id", "line-3");
            assertThat(line(output, "[line-3] asked: ")).contains("{\"model\":\"demo\",\\n\"messages\":[]}");
            gateway.chat(Answers.ask("line\\n\\u0007two\\u2028three", false), "x-request-id", "line-2");
            assertThat(line(output, "[line-2] chat line??two?three: 404 caller_model_not_found"))
                    .isNotBlank();
        }
    }

    /** Spring Boot leaves it behind, and every later gateway in this JVM would log so. */
    @AfterEach
    void logAsTextAgain() {
        System.clearProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
    }

    @Test
    void structuredLogsHaveItsPartsAsFields(CapturedOutput output) {
        try (Gateway gateway = Gateway.start("logging.structured.format.console=logstash")) {
            gateway.chat(Answers.ask("demo", true), "x-request-id", "json-1", "x-session-id", "talk");
            var told = ErrorCheck.tree(line(output, "\"request_id\":\"json-1\""));
            assertThat(told.get("logger_name").asText()).isEqualTo("dev.mehari.calls");
            assertThat(told.get("provider").asText()).isEqualTo("demo");
            assertThat(told.get("session").asText()).isEqualTo("talk");
            assertThat(told.get("status").asInt()).isEqualTo(200);
            assertThat(told.get("stream").asBoolean()).isTrue();
            for (String time : List.of("total_ms", "first_token_ms", "overhead_ms", "upstream_ms")) {
                assertThat(told.get(time).isNumber()).as(time).isTrue();
            }
            gateway.chat(Answers.ask("demo-error-503", false), "x-request-id", "json-2");
            var failed = ErrorCheck.tree(line(output, "\"request_id\":\"json-2\""));
            assertThat(failed.get("error_type").asText()).isEqualTo("provider_unavailable");
        }
    }
}
