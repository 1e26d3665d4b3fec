package dev.mehari.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write to joe.doe@example.com now | write to [e-mail] now",
                "key sk-proj-abcdefgh12345678 leaked | key [secret] leaked",
                "authorization: Bearer abcdefghijkl | authorization: Bearer [secret]",
                "AKIAIOSFODNN7EXAMPLE is one | [secret] is one",
                "card 4111 1111 1111 1111, thanks | card [number], thanks",
                "call +49 30 1234567890 | call [number]",
                "in 2026, 42 of 100 | in 2026, 42 of 100",
                "nothing to hide | nothing to hide"
            })
    void whatLooksLikeASecretIsTakenOut(String said, String kept) {
        assertThat(Redaction.of(said)).isEqualTo(kept);
    }

    @Test
    void mediaAreTakenOut() {
        String image = "{\"url\":\"data:image/png;base64," + "iVBORw0KGgo".repeat(100) + "==\"}";
        assertThat(Redaction.of(image)).isEqualTo("{\"url\":\"[media]\"}");
        assertThat(Redaction.of("{\"data\":\"" + "QUJD".repeat(200) + "\"}")).isEqualTo("{\"data\":\"[media]\"}");
    }

    @Test
    void vapisCallIsTakenOut() {
        String body =
                "{\"model\":\"m\",\"call\": {\"id\":\"1\",\"customer\":{\"name\":\"} \\\" {\"},\"list\":[1]},\"stream\":true}";
        assertThat(Redaction.of(body)).isEqualTo("{\"model\":\"m\",\"call\": {\"redacted\":true},\"stream\":true}");
        assertThat(Redaction.of("{\"call\":{\"id\":1},\"call\":{\"id\":[2]},\"stream\":true}"))
                .isEqualTo("{\"call\":{\"redacted\":true},\"call\":{\"redacted\":true},\"stream\":true}");
        assertThat(Redaction.of("{\"call\":{\"id\":\"cut off")).isEqualTo("{\"call\":{\"redacted\":true}");
    }
}
