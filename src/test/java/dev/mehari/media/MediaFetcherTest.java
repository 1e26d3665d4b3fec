package dev.mehari.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.media.MediaFetcher.Outcome;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of strangers, over real sockets. Only {@code pictures.test} is allowed to be on loopback. */
@Timeout(30)
class MediaFetcherTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    private static Vertx vertx;
    private ScriptedUpstream web;
    private final AtomicInteger lookUps = new AtomicInteger();

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    @BeforeEach
    void start() {
        web = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private InetAddress[] names(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        return switch (host) {
            case "pictures.test", "evil.test" -> InetAddress.getAllByName("127.0.0.1");
            case "mixed.test" ->
                new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")};
            case "unknown.test" -> throw new UnknownHostException(host);
            default -> InetAddress.getAllByName(host);
        };
    }

    private Outcome fetch(String url) {
        return fetch(List.of(url), 1000, Duration.ofSeconds(5)).get(url);
    }

    private Map<String, Outcome> fetch(List<String> urls, long maxBytes, Duration timeout) {
        MediaLimits limits = new MediaLimits(maxBytes, 1000, timeout, 2, Set.of("pictures.test:" + web.port()));
        try (MediaFetcher fetcher = new MediaFetcher(vertx, limits, this::names)) {
            return fetcher.fetch(urls);
        }
    }

    private String at(String path) {
        return "http://pictures.test:" + web.port() + path;
    }

    private static Script picture(String... headers) {
        return new Script().head(200, "text/html", PNG.length, headers).send(PNG);
    }

    private static Script redirect(String to) {
        return new Script().head(302, "text/plain", 0, "location", to);
    }

    private static String why(Outcome outcome) {
        return ((Outcome.Refused) outcome).why().text();
    }

    @Test
    void theBytesDecideNotTheServersWord() {
        web.answer(picture());
        Outcome outcome = fetch(at("/a.png?x=1#part"));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Fetched.class, fetched -> {
            assertThat(fetched.media().type()).isEqualTo("image/png");
            assertThat(fetched.media().bytes()).isEqualTo(PNG);
        });
        Request request = web.last();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/a.png?x=1");
        assertThat(request.header("host")).isEqualTo("pictures.test:" + web.port());
        assertThat(request.headers().keySet())
                .containsExactlyInAnyOrder("host", "accept", "accept-encoding", "connection", "user-agent");
    }

    @Test
    void theAddressThatWasCheckedIsTheOneThatIsAsked() {
        web.answer(picture());
        assertThat(fetch(at("/a.png"))).isInstanceOf(Outcome.Fetched.class);
        // A second look-up could lead elsewhere.
        assertThat(lookUps).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/a.png",
                "http://[::1]/a.png",
                "http://[::ffff:127.0.0.1]/a.png",
                "http://2130706433/a.png",
                "http://169.254.169.254/latest/meta-data/",
                "https://10.0.0.1/a.png",
                "http://evil.test/a.png",
                "http://mixed.test/a.png",
                "http://localhost/a.png",
            })
    void privateAddressesAreNotAsked(String url) {
        assertThat(why(fetch(url))).isIn("is at an address that is not public", "is no http or https URL");
        assertThat(web.connections()).isZero();
    }

    @Test
    void otherPortsAreNotAsked() {
        assertThat(why(fetch("http://evil.test:" + web.port() + "/a.png"))).contains("only 80 and 443");
        assertThat(why(fetch("https://example.com:22/"))).contains("only 80 and 443");
        assertThat(web.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://example.com/a", "http:///a", "http://user:secret@example.com/", "http://a b/", "httpx"})
    void whatIsNoPlainWebAddressIsNotAsked(String url) {
        assertThat(fetch(url)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aHostThatIsNotKnownIsSaid() {
        assertThat(why(fetch("http://unknown.test/"))).isEqualTo("is at a host that is not known");
    }

    @Test
    void redirectsAreFollowedAndCheckedAnew() {
        web.answer(request -> request.path().equals("/a") ? redirect("/b") : picture());
        assertThat(fetch(at("/a"))).isInstanceOf(Outcome.Fetched.class);
        web.answer(redirect("http://evil.test:" + web.port() + "/a.png"));
        assertThat(why(fetch(at("/a")))).contains("only 80 and 443");
        web.answer(redirect("http://127.0.0.1/a.png"));
        assertThat(why(fetch(at("/a")))).isEqualTo("is at an address that is not public");
        web.answer(redirect("file:///etc/passwd"));
        assertThat(why(fetch(at("/a")))).isEqualTo("is no http or https URL");
    }

    @Test
    void redirectsEnd() {
        web.answer(redirect("/again"));
        assertThat(why(fetch(at("/a")))).isEqualTo("redirects more than 2 times");
        assertThat(web.requests()).hasSize(3);
    }

    @Test
    void whatIsTooLargeIsCutOff() {
        web.answer(new Script()
                .head(200, "image/png", 100_000)
                .send(new byte[2000])
                .hang());
        assertThat(why(fetch(at("/a")))).contains("is larger than the 1000 bytes");
        web.last().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void severalShareTheirSize() {
        web.answer(new Script().head(200, "image/png", 400).send(new byte[400]));
        List<String> urls = List.of(at("/1"), at("/2"), at("/3"), at("/1"));
        Map<String, Outcome> outcomes = fetch(urls, 1000, Duration.ofSeconds(5));
        assertThat(outcomes.values().stream().filter(Outcome.Fetched.class::isInstance))
                .hasSize(2);
        assertThat(outcomes).hasSize(3);
        assertThat(web.requests()).hasSize(3);
    }

    @Test
    void whatOthersHoldIsNotThereForMore() {
        web.answer(new Script().head(200, "image/png", 600).send(new byte[600]));
        MediaLimits limits =
                new MediaLimits(1000, 1000, Duration.ofSeconds(5), 2, Set.of("pictures.test:" + web.port()));
        try (MediaFetcher fetcher = new MediaFetcher(vertx, limits, this::names)) {
            assertThat(fetcher.fetch(List.of(at("/1"))).get(at("/1"))).isInstanceOf(Outcome.Fetched.class);
            assertThat(fetcher.fetch(List.of(at("/2"))).get(at("/2"))).isInstanceOf(Outcome.NoRoom.class);
            fetcher.release(600);
            assertThat(fetcher.fetch(List.of(at("/3"))).get(at("/3"))).isInstanceOf(Outcome.Fetched.class);
        }
    }

    @Test
    void whatIsTooSlowIsGivenUp() {
        web.answer(new Script().head(200, "image/png", 10).send(new byte[1]).hang());
        long started = System.nanoTime();
        String url = at("/a");
        assertThat(why(fetch(List.of(url), 1000, Duration.ofMillis(300)).get(url)))
                .isEqualTo("took longer than 300 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
        web.last().closed().await(Duration.ofSeconds(1));
    }

    @Test
    void otherAnswersAreSaid() {
        web.answer(Script.json(404, "{}"));
        assertThat(why(fetch(at("/a")))).isEqualTo("was answered with status 404");
        web.answer(new Script()
                .send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nab")
                .close());
        assertThat(why(fetch(at("/a")))).isEqualTo("broke off");
        web.answer(new Script().send("nonsense\r\n\r\n").close());
        assertThat(why(fetch(at("/a")))).startsWith("could not be fetched");
    }

    @Test
    void textIsText() {
        byte[] words = "ein Käse".getBytes(StandardCharsets.UTF_8);
        web.answer(new Script().head(200, "image/png", words.length).send(words));
        assertThat(fetch(at("/a"))).isInstanceOfSatisfying(Outcome.Fetched.class, fetched -> assertThat(
                        fetched.media().type())
                .isEqualTo("text/plain"));
    }
}
