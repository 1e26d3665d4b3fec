package dev.mehari.configured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.access.ClientKeys;
import dev.mehari.access.IssuedKeys;
import dev.mehari.access.KeyText;
import dev.mehari.chat.GatewayException.Unauthenticated;
import dev.mehari.chat.Sha256;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import dev.mehari.config.StartupException;
import dev.mehari.price.Cost;
import dev.mehari.price.Prices;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, prices and budgets in application.yaml. */
class ConfiguredKeysTest {
    private static final String ASK = Answers.ask("gpt-4o", false);

    @TempDir
    private Path folder;

    private Gateway start(ScriptedUpstream upstream, String... settings) {
        List<String> all = new ArrayList<>(List.of("mehari.database.url=jdbc:sqlite:" + folder.resolve("keys.db")));
        Stream.of(settings).forEach(all::add);
        return Gateway.before(upstream, all.toArray(String[]::new));
    }

    @Test
    void aHashedKeyWorksWithItsLimitsAndWithoutAnyDatabase() {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                Gateway gateway = Gateway.before(
                        upstream,
                        "mehari.database.url=postgres://nobody:x@127.0.0.1:9/none",
                        "mehari.database.timeout=250ms",
                        "mehari.keys.list[0].name=voice",
                        "mehari.keys.list[0].key-hash=sha256:" + Sha256.hex("a key of ours"),
                        "mehari.keys.list[0].models=gpt-4o*",
                        "mehari.keys.list[0].rpm=2",
                        "mehari.keys.list[1].key-hash=sha256:" + Sha256.hex("an old key"),
                        "mehari.keys.list[1].expires=2020-01-01T00:00:00Z",
                        "mehari.keys.list[2].key-hash=sha256:" + Sha256.hex("a locked key"),
                        "mehari.keys.list[2].disabled=true")) {
            String[] bearer = {"authorization", "Bearer a key of ours"};
            assertThat(gateway.chat(ASK, bearer).statusCode()).isEqualTo(200);
            assertThat(gateway.chat(Answers.ask("o3", false), bearer).statusCode())
                    .isEqualTo(403);
            assertThat(gateway.chat(ASK, bearer).statusCode()).isEqualTo(200);
            ErrorCheck.error(gateway.chat(ASK, bearer), 429);
            JsonNode refusal = ErrorCheck.error(gateway.chat(ASK), 401);
            for (String key : List.of("an old key", "a locked key", "another")) {
                assertThat(ErrorCheck.error(gateway.chat(ASK, "authorization", "Bearer " + key), 401))
                        .isEqualTo(refusal);
            }
            // What may be an issued key cannot be judged now.
            HttpResponse<String> unknown = gateway.chat(
                    ASK, "authorization", "Bearer " + KeyText.random().token());
            assertThat(ErrorCheck.error(unknown, 503).path("code").asText()).isEqualTo("store_unavailable");
        }
    }

    @Test
    void pricesOfSettingsWinOverThoseThatAreShipped() {
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                Gateway gateway = start(
                        upstream,
                        "mehari.prices[0].provider=openai",
                        "mehari.prices[0].models=gpt-4o,tuned-*",
                        "mehari.prices[0].price.input=1",
                        "mehari.prices[0].price.output=2",
                        "mehari.prices[0].price.tiers[0].above=1000",
                        "mehari.prices[0].price.tiers[0].input=3",
                        "mehari.prices[0].price.tiers[0].output=4",
                        "mehari.prices[0].price.web-search=25",
                        "mehari.prices[1].provider=openai",
                        "mehari.prices[1].models=mine",
                        "mehari.prices[1].price.as=gpt-4.1-mini",
                        "mehari.models[0].name=group",
                        "mehari.models[0].deployments[0].provider=openai",
                        "mehari.models[0].deployments[0].model=gpt-4o",
                        "mehari.models[0].deployments[0].name=cheap",
                        "mehari.models[0].deployments[0].price.input=0.5",
                        "mehari.models[0].deployments[0].price.output=0.25")) {
            Prices prices = gateway.bean(CurrentTerms.class).get().prices();
            Usage usage = Usage.of(1000L, 1000L);
            assertThat(prices.cost("openai/gpt-4o", "openai", "gpt-4o", usage)).isEqualTo(new Cost(3_000_000, true));
            assertThat(prices.cost("x", "openai", "tuned-7", Usage.of(1001L, 1000L)))
                    .isEqualTo(new Cost(7_003_000, true));
            // Searches cost the same after longer prompts.
            Usage searched = Usage.of(1001L, 1000L).with(UsageDetail.WEB_SEARCHES, 2L);
            assertThat(prices.cost("x", "openai", "tuned-7", searched)).isEqualTo(new Cost(57_003_000, true));
            assertThat(prices.cost("x", "openai", "mine", usage)).isEqualTo(new Cost(2_000_000, true));
            assertThat(prices.cost("cheap", "openai", "gpt-4o", usage)).isEqualTo(new Cost(750_000, true));
            assertThat(prices.cost("x", "openai", "gpt-4o-mini", usage)).isEqualTo(new Cost(750_000, true));
            assertThat(prices.cost("x", "ollama", "gpt-4o", usage)).isEqualTo(Cost.UNKNOWN);
            assertThat(prices.cost("x", "gemini", "gemini-2.5-flash", usage)).isEqualTo(new Cost(2_800_000, true));
            assertThat(prices.cost("x", "vertex", "claude-haiku-4-5", usage)).isEqualTo(new Cost(6_000_000, true));
        }
    }

    @Test
    void aGatewayThatAskedForKeysIsNotOpenedByTakingThemOutOfTheSettings() {
        ClientKeys keys =
                new ClientKeys(List.of(ClientKeys.FixedKey.of("a")), IssuedKeys.NONE, false, InstantSource.system());
        assertThat(keys.authenticate("Bearer a", null).id()).startsWith("key-");
        keys.replace(List.of());
        assertThat(keys.isEmpty()).isFalse();
        assertThatThrownBy(() -> keys.authenticate("Bearer a", null)).isInstanceOf(Unauthenticated.class);
        assertThatThrownBy(() -> keys.authenticate(null, null)).isInstanceOf(Unauthenticated.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mehari.keys.list[0].key-hash=sha256:12|key-hash is not sha256:",
                "mehari.keys.teams[0].name=t|lacks a name or a budget",
                "mehari.budgets.warn-at=80|warn-at is 80.0",
                "mehari.prices[0].provider=nobody|names no configured provider",
                "mehari.prices[0].provider=openai|lacks models or price"
            })
    void whatMakesNoSenseStopsTheStartInWords(String setting, String words) {
        assertThatThrownBy(() -> Gateway.start(setting))
                .rootCause()
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(words);
    }
}
