package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.Forbidden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void readingIsNobodysHarm(String method) {
        assertThatCode(() -> SameOrigin.require(method, "cross-site", "https://evil.example", "gw.example"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, -,                    gw.example",
                "same-origin, https://proxy.example, gw.internal",
                "-,           https://gw.example,   gw.example",
                "-,           http://gw.example:81, gw.example:81"
            })
    void ourOwnPagesMayChange(String site, String origin, String host) {
        assertThatCode(() -> SameOrigin.require("POST", site, origin, host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "cross-site, https://gw.example,          gw.example",
                "same-site,  https://gw.example,          gw.example",
                "none,       -,                           gw.example",
                "-,          -,                           gw.example",
                "-,          null,                        gw.example",
                "-,          https://gw.example.evil.com, gw.example",
                "-,          https://gw.example,          -",
                "-,          https://gw.example:8443,     gw.example"
            })
    void othersMayNot(String site, String origin, String host) {
        assertThatThrownBy(() -> SameOrigin.require("DELETE", site, origin, host))
                .isInstanceOf(Forbidden.class);
    }

    @Test
    void theCookieIsFoundAmongOthersAndInSeveralHeaders() {
        assertThat(SessionCookie.in(List.of("a=1; b=2", "mehari_session=tok; c=3")))
                .isEqualTo("tok");
        assertThat(SessionCookie.in(List.of("not_mehari_session=tok", "mehari_sessionx=1")))
                .isNull();
    }
}
