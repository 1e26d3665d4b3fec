package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.soak.Probe.Instances;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvn -Psoak verify}: everything at once for {@code -Dsoak.minutes} (30), and nothing grows. Linux only. */
class SoakTest {
    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int MOST_FAILURES = 50;
    private static final int FAILURES_TOLD = 20;

    /** Of the warm-up and of the end, when nobody calls. */
    private static final List<Series> COME_BACK = List.of(
            Series.IN_FLIGHT,
            Series.UPSTREAM,
            Series.DESCRIPTORS,
            Series.THREADS,
            Series.VIRTUAL_THREADS,
            Series.CAMEL_CONTEXTS,
            Series.FILES);

    private final List<Sample> samples = new ArrayList<>();
    private final SoakReport report = new SoakReport();
    private Map<String, Instances> warmHeap = Map.of();

    @TempDir
    private Path folder;

    private ScriptedUpstream upstream;
    private GatewayProcess gateway;
    private Client client;
    private Client limited;
    private Client admin;
    private ChatCalls chats;

    @Test
    void nothingGrowsAndEveryAnswerIsRight() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc on this system");
        upstream = SoakUpstream.start();
        Edits.prepare(folder, upstream.port());
        gateway = launch();
        try (Probe probe = new Probe(gateway, folder, upstream.port())) {
            Sample idle = warmUp(probe);
            MixedLoad load = begin();
            watch(load, probe);
            load.stop();
            leave();
            tell(load, probe);
            Sample end = comeBack(probe, idle);
            List<Growth> growth = Growth.of(samples);
            report.say("Medians of the second third and the last third of the run", growth)
                    .say("When nobody calls, before the run and after it", backs(idle, end));
            report.sayWhatGrew(warmHeap, probe.lastHeap());
            assertThat(load.failures())
                    .as("wrong answers, and calls that did not end")
                    .isEmpty();
            assertThat(growth).as("series that grow").noneMatch(Growth::isTooMuch);
            assertThat(COME_BACK).as("what stays behind").allMatch(series -> isBack(series, idle, end));
            assertThat(gateway.output()).doesNotContain("\tat ");
        } finally {
            System.out.println(report.write(samples, gateway.output()));
            gateway.close();
            upstream.close();
        }
    }

    private GatewayProcess launch() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        return GatewayProcess.startTuned(
                folder,
                Map.of("PORT", "0"),
                // So that what native code and buffers take can be told from the rest.
                List.of("-XX:NativeMemoryTracking=summary", "-Djava.io.tmpdir=" + temporary));
    }

    /** Each kind a few times: what is made once is there before anything is compared. */
    private Sample warmUp(Probe probe) throws InterruptedException {
        MixedLoad few = begin();
        Eventually.holds(SOON, "each kind was called", () -> few.hasMade(6) || isHopeless(few));
        few.stop();
        leave();
        assertThat(few.failures()).as("of the first calls").isEmpty();
        List<Sample> last = new ArrayList<>(List.of(probe.look(0)));
        Eventually.holds(SOON, "nothing is under way", () -> {
            last.add(probe.look(0));
            return last.getLast().of(Series.IN_FLIGHT) == 0 && last.getLast().of(Series.UPSTREAM) == 0;
        });
        return last.getLast();
    }

    private MixedLoad begin() {
        client = new Client(gateway.port(), SoakSettings.KEY);
        limited = new Client(gateway.port(), SoakSettings.LIMITED);
        admin = new Client(gateway.port(), SoakSettings.ADMIN);
        chats = new ChatCalls(client, limited);
        OtherCalls others = new OtherCalls(client, admin);
        Edits edits = Edits.of(folder, client);
        return new MixedLoad()
                .add("whole answers", 3, Duration.ofMillis(200), chats::whole)
                .add("streams", 8, Duration.ofMillis(100), chats::stream)
                .add("whole answers from upstream", 2, Duration.ofMillis(200), chats::wholeFromUpstream)
                .add("streams from upstream", 4, Duration.ofMillis(100), chats::streamFromUpstream)
                .add("failovers", 3, Duration.ofMillis(300), chats::failover)
                .add("answers kept and given again", 2, Duration.ofMillis(200), chats::cached)
                .add("a key with limits", 1, Duration.ofMillis(500), chats::limited)
                .add("errors", 2, Duration.ofMillis(400), chats::failing)
                .add("streams that break off", 1, Duration.ofMillis(500), chats::cut)
                .add("clients that leave", 3, Duration.ofMillis(200), chats::abandoned)
                .add("conversations", 1, Duration.ofMillis(500), others::conversation)
                .add("messages", 2, Duration.ofMillis(300), others::messages)
                .add("embeddings", 1, Duration.ofMillis(500), others::embeddings)
                .add("keys issued and revoked", 1, Duration.ofSeconds(1), others::issuedKey)
                .add("dashboards", 2, Duration.ofSeconds(1), others::watcher)
                .add("reports", 1, Duration.ofSeconds(2), others::lookUp)
                .add("edits of routes and settings", 1, Duration.ofSeconds(3), edits::make);
    }

    private void leave() {
        client.close();
        limited.close();
        admin.close();
    }

    private void watch(MixedLoad load, Probe probe) {
        Duration between = Duration.ofSeconds(Math.clamp(TIME.toSeconds() / 120, 5, 15));
        long began = System.nanoTime();
        long ends = began + TIME.toNanos();
        while (System.nanoTime() - ends < 0 && !isHopeless(load)) {
            Eventually.passes(between);
            samples.add(probe.look((System.nanoTime() - began) / 1e9));
            // The upstream remembers them for other tests.
            upstream.reset();
            if (warmHeap.isEmpty() && System.nanoTime() - began > TIME.toNanos() / 3) {
                warmHeap = probe.lastHeap();
            }
        }
    }

    private static boolean isHopeless(MixedLoad load) {
        return load.failures().size() > MOST_FAILURES;
    }

    private void tell(MixedLoad load, Probe probe) {
        report.say("A soak of %d minutes: %d samples".formatted(TIME.toMinutes(), samples.size()))
                .say(
                        "Calls, or groups of calls that belong together",
                        load.made().entrySet().stream()
                                .map(kind -> "%6d %s".formatted(kind.getValue().get(), kind.getKey()))
                                .toList())
                .say("  the slowest took %d ms".formatted(load.slowestMillis()))
                .say("  %d answers came from the cache, %.0f made room for others"
                        .formatted(chats.hits(), probe.sum("mehari_cache_evictions_total")))
                .say("  %d calls were refused by a limit, %.0f attempts followed on another that had failed"
                        .formatted(chats.refused(), probe.sum("mehari_failovers_total")))
                .say("  %.0f clients left; %.0f rows were written to the request log, %.0f of them are left"
                        .formatted(
                                probe.sum("mehari_clients_gone_total"),
                                probe.sum("mehari_request_log_written_total"),
                                probe.sum("mehari_request_log_rows")))
                .say(
                        "Wrong answers and calls that did not end: "
                                + load.failures().size(),
                        load.failures().stream().limit(FAILURES_TOLD).toList());
    }

    private Sample comeBack(Probe probe, Sample idle) {
        List<Sample> last = new ArrayList<>(List.of(probe.look(0)));
        try {
            Eventually.holds(SOON, "all is as before", () -> {
                last.add(probe.look(0));
                return COME_BACK.stream().allMatch(series -> isBack(series, idle, last.getLast()));
            });
        } catch (AssertionError never) {
            // The report shows which; the test fails by it.
        }
        return last.getLast();
    }

    /** Nothing at all under way; of the rest what the same tolerance as under load lets be. */
    private static boolean isBack(Series series, Sample idle, Sample end) {
        return switch (series) {
            case IN_FLIGHT, UPSTREAM -> end.of(series) == 0;
            default -> end.of(series) <= series.most(idle.of(series));
        };
    }

    private static List<String> backs(Sample idle, Sample end) {
        return COME_BACK.stream()
                .map(series -> "%-28s %12s → %12s   %s"
                        .formatted(
                                series.label,
                                series.text(idle.of(series)),
                                series.text(end.of(series)),
                                isBack(series, idle, end) ? "ok" : "STAYS"))
                .toList();
    }
}
