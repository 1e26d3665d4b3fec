package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the gateway's numbers where others can reach it. */
class ScrapeAccessTest {
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                "server.address=0.0.0.0",
                "mehari.access.api-keys=a-client-key",
                "mehari.access.admin-key=the-admin-key",
                "mehari.access.scrape-key=the-scrape-key");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer the-scrape-key", "Bearer the-admin-key"})
    void theScrapeKeyAndTheAdminKeyRead(String authorization) {
        assertThat(gateway.get("/stats", "authorization", authorization).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer a-client-key", "Bearer the-scrape-ke", "the-scrape-key"})
    void nobodyElseDoes(String authorization) {
        String error = ErrorCheck.error(gateway.get("/stats", "authorization", authorization), 401)
                .toString();
        assertThat(error).isEqualTo(ErrorCheck.error(gateway.get("/stats"), 401).toString());
    }

    @Test
    void theScrapeKeyOpensNothingElse() {
        ErrorCheck.error(gateway.get("/v1/models", "authorization", "Bearer the-scrape-key"), 401);
        ErrorCheck.error(gateway.chat("{}", "authorization", "Bearer the-scrape-key"), 401);
    }

    @Test
    void healthIsForEveryone() {
        assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void onThisMachineEveryoneReads() {
        try (Gateway local = Gateway.start("mehari.access.api-keys=a-client-key")) {
            assertThat(local.get("/stats").statusCode()).isEqualTo(200);
        }
    }
}
