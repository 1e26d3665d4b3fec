package dev.mehari.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two hundred calls at the same time, each with a marker of its own: none gets a byte of another's. */
class ManyAtOnceTest {
    private static final int CALLS = 200;
    private static final int WORDS = 20;
    private static final Pattern MARKER = Pattern.compile("marker-(\\d+)-");

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(upstream);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static String marker(Request request) {
        Matcher marker = MARKER.matcher(request.body());
        assertThat(marker.find()).isTrue();
        return marker.group();
    }

    private static String ask(int number, boolean stream) {
        return Answers.ask("gpt-4o-mini", stream).replace("\"hi\"", "\"marker-" + number + "-\"");
    }

    private static <T> List<T> together(Function<Integer, T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                int number = i;
                running.add(threads.submit(() -> call.apply(number)));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> one : running) {
                done.add(one.get(30, TimeUnit.SECONDS));
            }
            return done;
        }
    }

    @Test
    void streamsDoNotMix() throws Exception {
        CountDownLatch allOpen = new CountDownLatch(CALLS);
        upstream.answer(request -> {
            String marker = marker(request);
            Script script = Script.stream().event(Answers.role()).event(Answers.text(marker + "0"));
            allOpen.countDown();
            // From here on all of them are open and speak in turns.
            script.await(allOpen);
            for (int word = 1; word < WORDS; word++) {
                script.event(Answers.text(marker + word)).pause(Duration.ofMillis(2));
            }
            return script.event(Answers.finish()).event("[DONE]").endChunks();
        });
        List<String> bodies = together(number -> {
            try (RawClient client = RawClient.chat(gateway, ask(number, true))) {
                client.head();
                return client.chunks();
            }
        });
        assertThat(allOpen.getCount()).isZero();
        for (int number = 0; number < CALLS; number++) {
            StringBuilder expected = new StringBuilder();
            for (int word = 0; word < WORDS; word++) {
                expected.append("marker-")
                        .append(number)
                        .append('-')
                        .append(word)
                        .append(' ');
            }
            StringBuilder words = new StringBuilder();
            Matcher word = Pattern.compile("marker-\\d+-\\d+").matcher(bodies.get(number));
            while (word.find()) {
                words.append(word.group()).append(' ');
            }
            assertThat(words.toString()).isEqualTo(expected.toString());
            assertThat(bodies.get(number)).endsWith("data: [DONE]\n\n").doesNotContain("error");
        }
    }

    @Test
    void wholeAnswersDoNotMix() throws Exception {
        CountDownLatch allAsked = new CountDownLatch(CALLS);
        upstream.answer(request -> {
            allAsked.countDown();
            String marker = marker(request);
            return new Script().await(allAsked).then(Script.json(200, Answers.json(marker.repeat(2000))));
        });
        List<String> bodies =
                together(number -> gateway.chat(ask(number, false)).body());
        for (int number = 0; number < CALLS; number++) {
            assertThat(bodies.get(number)).isEqualTo(Answers.json(("marker-" + number + "-").repeat(2000)));
        }
    }
}
