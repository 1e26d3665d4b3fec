package dev.mehari.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.GatewayException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new GatewayException.UpstreamTimeout("slow"), FailureClass.TRANSIENT),
                Arguments.of(new GatewayException.UpstreamUnavailable(502, "gone", null), FailureClass.TRANSIENT),
                Arguments.of(new GatewayException.UpstreamProtocol("what"), FailureClass.TRANSIENT),
                Arguments.of(new GatewayException.Overloaded("full", Duration.ofSeconds(1)), FailureClass.UNKNOWN),
                Arguments.of(new GatewayException.RateLimited("requests", "slow down", null), FailureClass.RATE_LIMIT),
                Arguments.of(new GatewayException.BudgetExceeded("no money"), FailureClass.QUOTA),
                Arguments.of(new GatewayException.UpstreamRefusedUs("openai"), FailureClass.CREDENTIAL),
                Arguments.of(new GatewayException.Forbidden("no_access", "no"), FailureClass.MODEL_ACCESS),
                Arguments.of(
                        new GatewayException.Forbidden("unsupported_country_region_territory", "no"),
                        FailureClass.REGION_BLOCKED),
                Arguments.of(new GatewayException.ModelNotFound("no such model"), FailureClass.MODEL_GONE),
                Arguments.of(new GatewayException.InvalidRequest("model", "wrong"), FailureClass.CALLER_FAULT),
                Arguments.of(new GatewayException.ContextTooLong("too long"), FailureClass.CALLER_FAULT),
                Arguments.of(new GatewayException.ContentFiltered("no"), FailureClass.CALLER_FAULT),
                Arguments.of(new GatewayException.Unauthenticated(), FailureClass.CALLER_FAULT),
                Arguments.of(new GatewayException.HttpFault(404, null, "no"), FailureClass.CALLER_FAULT),
                Arguments.of(new GatewayException.ClientGone(), FailureClass.CLIENT_GONE),
                Arguments.of(new GatewayException.Internal(new IllegalStateException()), FailureClass.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasItsClass(GatewayException failure, FailureClass expected) {
        assertThat(FailureClass.of(failure)).isEqualTo(expected);
        assertThat(expected.word()).matches("[a-z_]+");
    }

    /** What hurts a deployment is worth another one; what does not is nobody's to make good. */
    @ParameterizedTest
    @MethodSource("failures")
    void whatHurtsHealthMayBeServedByAnother(GatewayException failure, FailureClass expected) {
        assertThat(failure.anotherMayServe()).isEqualTo(expected.hurtsHealth());
    }
}
