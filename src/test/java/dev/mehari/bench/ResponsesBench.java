package dev.mehari.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.History;
import dev.mehari.chat.Json;
import dev.mehari.chat.RequestFacts;
import dev.mehari.conversation.Conversations;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.dialect.responses.ResponsesDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the Responses API costs: passed on as it comes, translated to chat completions, and a conversation of 100 turns
 * read from SQLite and made into messages. CodecBench has the same of chats.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResponsesBench {
    private static final int TURNS = 100;

    private final ResponsesDialect dialect = new ResponsesDialect();
    private final OpenAiProtocol openAi = new OpenAiProtocol();
    private final byte[] request = ("{\"model\":\"gpt-4o-mini\",\"stream\":true,\"temperature\":0.5,\"input\":["
                    + "{\"role\":\"system\",\"content\":\"" + "You are a helpful assistant. ".repeat(30) + "\"},"
                    + "{\"role\":\"user\",\"content\":\"What is the weather like in Paris?\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] whole =
            ResponsesAnswers.json("resp_1", "word ".repeat(150)).getBytes(StandardCharsets.UTF_8);
    private final byte[] delta = ("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"sequence_number\":7,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":"
                    + "\" word\",\"logprobs\":[],\"obfuscation\":\"x7\"}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] chunk = ("data: " + Answers.text(" word") + "\n\n").getBytes(StandardCharsets.UTF_8);
    private final Ask passed = ask("openai");
    private final Ask translated = ask("sambanova");
    private final EventDecoder passing = openAi.decodeStream(passed);
    private final EventDecoder translating = openAi.decodeStream(translated);
    private final EventEncoder frames = dialect.streamWriter(passed.request());
    private final EventEncoder events = dialect.streamWriter(translated.request());
    private final ByteSink out = new ByteSink(4096);

    private Database database;
    private Conversations conversations;

    private Ask ask(String provider) {
        RequestFacts facts = dialect.read(request, false);
        Provider at = Shipped.at(provider, "http://127.0.0.1:1/v1");
        return new Ask(at, "gpt-4o-mini", "gpt-4o-mini", "responses", facts, "resp_ours");
    }

    /** A conversation of 100 turns of 400 characters each side. */
    @Setup
    public void keep() throws IOException {
        passing.feed(delta, 0, delta.length, event -> frames.encode(event, out));
        translating.feed(chunk, 0, chunk.length, event -> events.encode(event, out));
        out.clear();
        database = new Database(
                DatabaseAddress.of(
                        "jdbc:sqlite:" + Files.createTempDirectory("bench").resolve("mehari.db")),
                Duration.ofSeconds(5));
        conversations = new Conversations(database, Duration.ofDays(1), Clock.systemUTC());
        for (int turn = 1; turn <= TURNS; turn++) {
            String id = "resp_" + turn;
            JsonNode item =
                    Json.tree(("{\"id\":\"msg_in" + turn + "\",\"type\":\"message\",\"role\":\"user\",\"content\":["
                                    + "{\"type\":\"input_text\",\"text\":\"" + "word ".repeat(80) + "\"}]}")
                            .getBytes(StandardCharsets.UTF_8));
            JsonNode response =
                    Json.tree(ResponsesAnswers.json(id, "word ".repeat(80)).getBytes(StandardCharsets.UTF_8));
            String before = turn == 1 ? null : "resp_" + (turn - 1);
            conversations.save(
                    new StoredResponse(id, "anna", before, Instant.now(), null, "m", List.of(item), response));
        }
    }

    @TearDown
    public void close() {
        database.close();
    }

    @Benchmark
    public Object readRequest() {
        return dialect.read(request, false);
    }

    @Benchmark
    public Object passRequest() {
        return openAi.encode(passed);
    }

    @Benchmark
    public Object translateRequest() {
        return openAi.encode(translated);
    }

    @Benchmark
    public Object passWholeAnswer() {
        return openAi.decode(passed, whole);
    }

    @Benchmark
    public void passEvent(Blackhole hole) {
        passing.feed(delta, 0, delta.length, event -> frames.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public void translateChunk(Blackhole hole) {
        translating.feed(chunk, 0, chunk.length, event -> events.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public Object readConversation() {
        return conversations.chain("anna", "resp_" + TURNS);
    }

    @Benchmark
    public Object rebuildConversation() {
        List<History.Turn> turns = conversations.chain("anna", "resp_" + TURNS).stream()
                .map(response -> new History.Turn(null, response.items()))
                .toList();
        History history = new History(() -> turns, Map.of(), null);
        return dialect.continued(passed.request(), history).request().get();
    }
}
