package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.Stats;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's route may break anywhere: what was reserved for an attempt does not stay so. */
class GivenBackTest {
    @Test
    void aPlaceIsFreeAgainWhenTheRouteBreaksBeforeTheAttemptIsJudged(@TempDir Path folder) {
        String broken = RoutesFolder.edited(
                folder,
                "uri: direct:provider-${exchangeProperty.provider}",
                "uri: direct:provider-${exchangeProperty.query[to]}");
        try (ScriptedUpstream upstream = new ScriptedUpstream().answer(Script.json(200, Answers.json("hello")));
                Gateway gateway = Gateway.before(
                        upstream,
                        broken,
                        "mehari.models[0].name=single",
                        "mehari.models[0].deployments[0].provider=openai",
                        "mehari.models[0].deployments[0].max-concurrent=1")) {
            for (int i = 0; i < 3; i++) {
                ErrorCheck.error(gateway.post("/v1/chat/completions?to=nowhere", Answers.ask("single", false)), 500);
            }
            assertThat(gateway.post("/v1/chat/completions?to=openai", Answers.ask("single", false))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Stats.of(gateway, "single", "openai").path("in_flight").asInt())
                    .isZero();
        }
    }
}
