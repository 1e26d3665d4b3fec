package dev.mehari.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Json;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.ProviderSettings;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.testing.Answers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Chunks that are recognised by their likeness to an earlier one must come out as if each had been read in full. */
class ChunkTemplateTest {
    private static final List<String> TEXTS = List.of(
            "word",
            " ",
            "",
            "a longer piece of text, with commas: and {braces}",
            "é",
            "世界",
            "🐪",
            "\\n",
            "\\\"quoted\\\"",
            "\\u00e9",
            "\\\\",
            "\\\"content\\\":\\\"x",
            "</s>",
            "<flush />",
            "[DONE]");

    private final Random random = new Random(20261121);

    @Test
    void whatPassesUntouchedIsWhatCame() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<String> sent = stream();
            assertThat(through("gpt-4o-mini", sent)).isEqualTo(sent);
        }
    }

    @Test
    void anAliasIsInEveryChunkAndNothingElseChanges() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<String> sent = stream();
            List<String> received = through("an-alias", sent);
            assertThat(received).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                JsonNode expected = ((ObjectNode) Json.MAPPER.readTree(sent.get(i))).put("model", "an-alias");
                assertThat(Json.MAPPER.readTree(received.get(i))).isEqualTo(expected);
            }
        }
    }

    @Test
    void textThatHidesJsonIsReadInFull() throws Exception {
        String plain = Answers.text("x");
        String closing = plain.replace("\"x\"", "\"\"},\"finish_reason\":\"stop\",\"z\":{\"y\":\"\"");
        List<String> received = through("gpt-4o-mini", List.of(plain, plain, closing));
        assertThat(received).containsExactly(plain, plain, closing);
    }

    /** Chunks as a host may mix them; the finish comes last. */
    private List<String> stream() {
        List<String> chunks = new ArrayList<>();
        chunks.add(Answers.role());
        int length = 1 + random.nextInt(20);
        for (int i = 0; i < length; i++) {
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            chunks.add(
                    switch (random.nextInt(8)) {
                        case 0 -> Answers.chunk("{\"reasoning_content\":\"" + text + "\"}", null);
                        case 1 ->
                            Answers.chunk(
                                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + text + "1\"}}]}",
                                    null);
                        case 2 -> Answers.text(text).replace("\"index\":0", "\"index\":0,\"logprobs\":null");
                        case 3 -> Answers.chunk("{\"content\":\"" + text + "\",\"reasoning\":null}", null);
                        default -> Answers.text(text);
                    });
        }
        chunks.add(Answers.finish());
        return chunks;
    }

    private static List<String> through(String alias, List<String> chunks) {
        List<String> frames = new ArrayList<>();
        OpenAiStream stream = new OpenAiStream(ask(alias));
        for (String chunk : chunks) {
            byte[] record = ("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8);
            stream.feed(record, 0, record.length, event -> {
                assertThat(event).isInstanceOf(ChatEvent.Frame.class);
                frames.add(new String(((ChatEvent.Frame) event).bytes(), StandardCharsets.UTF_8));
            });
        }
        return frames;
    }

    private static Ask ask(String alias) {
        RequestFacts facts = new ChatDialect()
                .read(
                        ("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                                .getBytes(StandardCharsets.UTF_8),
                        false);
        ProviderSettings settings = new Binder(new MapConfigurationPropertySource(
                        Map.of("p.protocol", "openai", "p.base-url", "http://127.0.0.1:1/v1")))
                .bindOrCreate("p", ProviderSettings.class);
        return new Ask(new Provider("openai", settings, null), "gpt-4o-mini", alias, "chat", facts, "chatcmpl-ours");
    }
}
