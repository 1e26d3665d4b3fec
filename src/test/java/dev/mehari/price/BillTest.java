package dev.mehari.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bills reckoned by hand, for each provider's shape of usage, from the shipped prices. */
class BillTest {
    private static final PriceBook BOOK = PriceFile.shipped();

    private static @Nullable String dollars(String sheet, String model, Usage usage) {
        Price price = BOOK.find(sheet, model);
        Long nanos = price == null ? null : price.cost(usage).known();
        return nanos == null ? null : Dollars.of(nanos).toPlainString();
    }

    @Test
    void openAiTakesLessForCachedTokens() {
        // gpt-4o: 2.50 in, 1.25 cached, 10.00 out. 1,000 of which 600 cached: 400 x 2.5 + 600 x 1.25 + 300 x 10, in
        // millionths.
        Usage usage = Usage.of(1000L, 300L).with(UsageDetail.CACHED, 600L);
        assertThat(dollars("openai", "gpt-4o", usage)).isEqualTo("0.00475");
    }

    @Test
    void reasoningIsPartOfTheCompletionAndPaidOnce() {
        // o3: 2.00 in, 8.00 out. 100 x 2 + 500 x 8.
        Usage usage = Usage.of(100L, 500L).with(UsageDetail.REASONING, 400L);
        assertThat(dollars("openai", "o3", usage)).isEqualTo("0.0042");
    }

    @Test
    void soundCostsMoreThanText() {
        // gpt-4o-realtime: 5 text in, 40 sound in, 20 text out, 80 sound out. 100 in of which 60 sound, 50 out of which
        // 30.
        Usage usage = Usage.of(100L, 50L).with(UsageDetail.PROMPT_AUDIO, 60L).with(UsageDetail.COMPLETION_AUDIO, 30L);
        // 40 x 5 + 60 x 40 + 20 x 20 + 30 x 80 = 200 + 2400 + 400 + 2400
        assertThat(dollars("openai", "gpt-4o-realtime-preview", usage)).isEqualTo("0.0054");
    }

    @Test
    void searchesArePaidOneByOne() {
        // claude-sonnet-4-5: 3 in, 15 out, 10 for a thousand searches. 100 x 3 + 50 x 15, and three searches at a cent.
        Usage usage = Usage.of(100L, 50L).with(UsageDetail.WEB_SEARCHES, 3L);
        assertThat(dollars("anthropic", "claude-sonnet-4-5", usage)).isEqualTo("0.03105");
        // The same above 200,000 tokens, where tokens cost more: 200,001 x 6.
        assertThat(dollars(
                        "anthropic", "claude-sonnet-4-5", Usage.of(200_001L, 0L).with(UsageDetail.WEB_SEARCHES, 1L)))
                .isEqualTo("1.210006");
    }

    @Test
    void picturesInAnAnswerCostMoreThanItsText() {
        // gemini-2.5-flash-image: 0.3 in, 2.5 text out, 30 picture out. 1,300 out of which 1,290 are a picture.
        Usage usage = Usage.of(100L, 1300L).with(UsageDetail.COMPLETION_IMAGE, 1290L);
        // 100 x 0.3 + 10 x 2.5 + 1290 x 30
        assertThat(dollars("google", "gemini-2.5-flash-image", usage)).isEqualTo("0.038755");
    }

    @Test
    void picturesAndFilmsInAPromptHaveAPriceOfTheirOwnWhereTheyAreSoldSo() {
        // gemini-embedding-2: 0.2 text, 6.5 sound, 0.45 pictures, 12 films.
        Usage usage = Usage.of(1000L, null)
                .with(UsageDetail.PROMPT_AUDIO, 100L)
                .with(UsageDetail.PROMPT_IMAGE, 300L)
                .with(UsageDetail.PROMPT_VIDEO, 200L);
        // 400 x 0.2 + 100 x 6.5 + 300 x 0.45 + 200 x 12
        assertThat(dollars("google", "gemini-embedding-2", usage)).isEqualTo("0.003265");
        // Elsewhere a picture costs what text does. gpt-4o: 2.5.
        assertThat(dollars("openai", "gpt-4o", Usage.of(1000L, 0L).with(UsageDetail.PROMPT_IMAGE, 900L)))
                .isEqualTo("0.0025");
    }

    @ParameterizedTest
    @EnumSource(
            value = UsageDetail.class,
            names = {"COMPLETION_AUDIO", "COMPLETION_IMAGE", "COMPLETION_VIDEO", "WEB_SEARCHES"})
    void whatCostsMoreThanTextAndHasNoPriceMakesTheSumUnknownThoughNotNothing(UsageDetail detail) {
        Price text = new Price(Rates.of(BigDecimal.ONE, BigDecimal.TEN), List.of());
        // Tokens cost what text does at least: 100 x 1 + 50 x 10.
        assertThat(text.cost(Usage.of(100L, 50L).with(detail, 20L))).isEqualTo(new Cost(600_000, false));
        assertThat(text.cost(Usage.of(100L, 50L).with(detail, 0L))).isEqualTo(new Cost(600_000, true));
    }

    @Test
    void modelsThatSpeakHaveAPriceForIt() {
        Usage spoken = Usage.of(10L, 1000L).with(UsageDetail.COMPLETION_AUDIO, 1000L);
        // 10 x 2.5 + 1,000 x 80, and 10 x 1 + 1,000 x 20.
        assertThat(dollars("openai", "gpt-4o-audio-preview", spoken)).isEqualTo("0.080025");
        assertThat(dollars("google", "gemini-2.5-pro-preview-tts", spoken)).isEqualTo("0.02001");
    }

    @Test
    void embeddingsHaveInputOnly() {
        // text-embedding-3-small: 0.02. A single token costs 20 nano-dollars.
        assertThat(dollars("openai", "text-embedding-3-small", Usage.of(1L, null)))
                .isEqualTo("0.00000002");
        assertThat(dollars("openai", "text-embedding-3-large", Usage.of(8191L, null)))
                .isEqualTo("0.00106483");
    }

    @Test
    void anthropicTakesMoreForWhatItWritesToItsCache() {
        // claude-haiku-4-5: 1 in, 0.1 read, 1.25 written, 2 written for an hour, 5 out.
        // 10,000 prompt = 1,000 plain + 6,000 read + 3,000 written of which 500 for an hour; 200 out.
        Usage usage = Usage.of(10_000L, 200L)
                .with(UsageDetail.CACHED, 6000L)
                .with(UsageDetail.CACHE_WRITE, 3000L)
                .with(UsageDetail.LONG_CACHE_WRITE, 500L);
        // 1000 x 1 + 6000 x 0.1 + 2500 x 1.25 + 500 x 2 + 200 x 5 = 1000 + 600 + 3125 + 1000 + 1000
        assertThat(dollars("anthropic", "claude-haiku-4-5-20251001", usage)).isEqualTo("0.006725");
    }

    @Test
    void anthropicsLongPromptsCostMoreAsAWhole() {
        // claude-sonnet-4-5: 3 and 15 up to 200,000 tokens, 6 and 22.5 above; cached tokens count for the length.
        assertThat(dollars("anthropic", "claude-sonnet-4-5", Usage.of(200_000L, 1000L)))
                .isEqualTo("0.615");
        Usage longer = Usage.of(200_001L, 1000L).with(UsageDetail.CACHED, 100_000L);
        // 100,001 x 6 + 100,000 x 0.6 + 1,000 x 22.5
        assertThat(dollars("anthropic", "claude-sonnet-4-5", longer)).isEqualTo("0.682506");
    }

    @Test
    void geminisThoughtsAreOutputAndItsLongPromptsCostMore() {
        // gemini-2.5-pro: 1.25, 10, cached 0.125; above 200,000: 2.5, 15, 0.25.
        Usage usage = Usage.of(5000L, 700L).with(UsageDetail.REASONING, 600L).with(UsageDetail.CACHED, 4000L);
        // 1000 x 1.25 + 4000 x 0.125 + 700 x 10 = 1250 + 500 + 7000
        assertThat(dollars("google", "gemini-2.5-pro", usage)).isEqualTo("0.00875");
        assertThat(dollars("google", "gemini-2.5-pro", Usage.of(300_000L, 10L))).isEqualTo("0.75015");
    }

    @Test
    void bedrockHasPricesOfItsOwnByRegion() {
        Usage usage = Usage.of(1000L, 100L).with(UsageDetail.CACHED, 200L).with(UsageDetail.CACHE_WRITE, 300L);
        // global: 3, 15, read 0.3, written 3.75: 500 x 3 + 200 x 0.3 + 300 x 3.75 + 100 x 15
        assertThat(dollars("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", usage))
                .isEqualTo("0.004185");
        // in the EU a tenth more
        assertThat(dollars("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", usage))
                .isEqualTo("0.0046035");
    }

    @Test
    void azureAndVertexServeOthersModelsAtTheirMakersPrices() {
        assertThat(dollars("azure", "gpt-5-mini", Usage.of(1000L, 1000L))).isEqualTo("0.00225");
        assertThat(dollars("google", "claude-haiku-4-5@20251001", Usage.of(1000L, 1000L)))
                .isEqualTo("0.006");
    }

    @Test
    void halfANanoDollarIsRoundedUpOnceAndNotForEachToken() {
        // gpt-4.1-nano cached: 0.025 a million is 25 nano-dollars; gpt-5-nano cached: 0.005 is 5.
        assertThat(dollars("openai", "gpt-5-nano", Usage.of(1L, null).with(UsageDetail.CACHED, 1L)))
                .isEqualTo("0.000000005");
        Price half = new Price(Rates.of(new BigDecimal("0.0375"), null), List.of());
        assertThat(half.cost(Usage.of(1L, null))).isEqualTo(new Cost(38, true));
        assertThat(half.cost(Usage.of(1000L, null))).isEqualTo(new Cost(37_500, true));
    }

    @Test
    void aSumBeyondAllBoundsStaysOneThatFits() {
        assertThat(dollars("openai", "gpt-4o", Usage.of(Long.MAX_VALUE, Long.MAX_VALUE)))
                .isEqualTo("9007199.254740992");
    }

    @Test
    void countsThatContradictEachOtherNeverCostTwice() {
        // More cached than there are: all of them are.
        assertThat(dollars("openai", "gpt-4o", Usage.of(100L, 0L).with(UsageDetail.CACHED, 500L)))
                .isEqualTo("0.000125");
        assertThat(dollars("openai", "o3", Usage.of(0L, 10L).with(UsageDetail.REASONING, 50L)))
                .isEqualTo("0.00008");
    }

    @Test
    void whatIsNotKnownCostsAnUnknownSumAndNotNothing() {
        assertThat(dollars("openai", "gpt-99", Usage.of(1L, 1L))).isNull();
        assertThat(dollars("nowhere", "gpt-4o", Usage.of(1L, 1L))).isNull();
        // Embeddings have no price for output.
        assertThat(dollars("openai", "text-embedding-3-small", Usage.of(1L, 1L)))
                .isNull();
    }

    @Test
    void anExactNameWinsOverAPatternAndALongerPatternOverAShorterOne() {
        // gemini-2.5-pro* is there too.
        assertThat(dollars("google", "gemini-2.5-pro-tts", Usage.of(1_000_000L, 0L)))
                .isEqualTo("1");
        assertThat(dollars("google", "gemini-2.5-pro-exp", Usage.of(1_000_000L, 0L)))
                .isEqualTo("2.5");
    }

    @Test
    void theShippedBookTellsItsDateAndSourceAndHoldsEveryList() {
        assertThat(BOOK.date()).matches("\\d{4}-\\d\\d-\\d\\d");
        assertThat(BOOK.source()).contains("genai-prices");
        assertThat(BOOK.sheets().keySet())
                .contains(
                        "openai",
                        "azure",
                        "anthropic",
                        "google",
                        "bedrock",
                        "groq",
                        "mistral",
                        "deepseek",
                        "openrouter",
                        "sambanova",
                        "demo");
    }

    @Test
    void aDeploymentsOwnPriceWinsAndModelsOfUnknownProvidersHaveNone() {
        Price own = new Price(Rates.of(BigDecimal.ONE, BigDecimal.TEN), List.of());
        Prices prices = new Prices(BOOK, Map.of("mine", own), Map.of("openai", "openai"));
        assertThat(prices.cost("mine", "openai", "gpt-4o", Usage.of(1L, 1L))).isEqualTo(new Cost(11_000, true));
        assertThat(prices.cost("other", "openai", "gpt-4o", Usage.of(1L, 1L))).isEqualTo(new Cost(12_500, true));
        assertThat(prices.cost("other", "elsewhere", "gpt-4o", Usage.of(1L, 1L)))
                .isEqualTo(Cost.UNKNOWN);
        // The second time from memory.
        assertThat(prices.cost("other", "openai", "gpt-99", Usage.of(1L, 1L))).isEqualTo(Cost.UNKNOWN);
        assertThat(prices.cost("other", "openai", "gpt-99", Usage.of(1L, 1L))).isEqualTo(Cost.UNKNOWN);
    }
}
