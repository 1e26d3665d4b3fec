package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.GatewayException.Unauthenticated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminKeyTest {
    private final AdminKey key = new AdminKey("mha-secret");

    @ParameterizedTest
    @CsvSource(
            value = {"Bearer mha-secret, -", "bearer  mha-secret, -", "-, mha-secret", "Bearer mha-secret, other"},
            nullValues = "-")
    void theKeyPassesInEitherHeader(String authorization, String apiKey) {
        key.require(authorization, apiKey);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"-, -", "Bearer mha-secre, -", "Basic mha-secret, -", "Bearer other, mha-secret", "-, mha-secrets"
            },
            nullValues = "-")
    void nothingElseDoes(String authorization, String apiKey) {
        assertThatThrownBy(() -> key.require(authorization, apiKey)).isInstanceOf(Unauthenticated.class);
    }

    @Test
    void noTwoRunsMakeTheSameKey() {
        assertThat(AdminKey.random()).hasSizeGreaterThan(40).isNotEqualTo(AdminKey.random());
    }
}
