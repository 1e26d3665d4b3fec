package dev.mehari.provider.openai;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenPlay;
import dev.mehari.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every {@link GoldenCase} of embeddings at OpenAI and the hosts near it through the running gateway. */
@Timeout(30)
class OpenAiEmbeddingsGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        List<String> settings = new ArrayList<>(List.of(
                "mehari.models[0].name=vectors",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[0].model=text-embedding-3-small"));
        for (String provider : List.of("openai", "sambanova", "groq", "mistral", "ollama")) {
            settings.add("mehari.providers." + provider + ".base-url=" + upstream.url());
            settings.add("mehari.providers." + provider + ".api-key=" + provider + "-key");
            settings.add("mehari.providers." + provider + ".pool.warm-up=0");
        }
        gateway = Gateway.start(settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("embeddings");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        new GoldenPlay(gateway, upstream, "/v1/embeddings").play(golden);
    }
}
