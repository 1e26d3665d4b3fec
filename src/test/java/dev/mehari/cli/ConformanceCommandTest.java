package dev.mehari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Certificate;
import dev.mehari.testing.GatewayProcess;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command makes of its arguments and of what is no endpoint: one clear line, and 2. */
class ConformanceCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ScriptedUpstream server = new ScriptedUpstream();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("conformance"));
        line.addAll(List.of(arguments));
        return new CommandLine(new MehariCommand(properties -> {}))
                .addSubcommand(ConformanceCommand.line())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
    }

    /** @return the line that says why */
    private String refused(String url, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--base-url", url, "--model", "m"));
        arguments.addAll(List.of(more));
        assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        List<String> lines =
                err.toString().lines().filter(line -> !line.startsWith("… ")).toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).doesNotContain("Exception", "java.");
        return lines.getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            localhost:8080/v1               | must begin with http:// or https://
            ftp://localhost/v1              | must begin with http:// or https://
            http://                         | is no URL
            http://a b/v1                   | is no URL
            http://localhost/v1?key=1       | must be an address and a path
            http://me:secret@localhost/v1   | must be an address and a path
            http://localhost:99999/v1       | there is no port 99999
            """)
    void aWrongAddressIsNamed(String url, String why) {
        assertThat(run("--base-url", url, "--model", "m")).isEqualTo(2);
        assertThat(err.toString()).contains("--base-url: ", why).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --timeout=0        | --timeout
            --timeout=soon     | --timeout
            --runs=-1          | --runs
            --require=nothing  | --require
            --admin-key=k      | --gateway
            --no-such-option   | --no-such-option
            """)
    void aWrongOptionIsNamed(String option, String named) {
        assertThat(run("--base-url", "http://127.0.0.1:9", "--model", "m", option))
                .isEqualTo(2);
        assertThat(err.toString()).contains(named).doesNotContain("\tat ");
    }

    @Test
    void addressAndModelMustBeGiven() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("--base-url", "--model");
    }

    @Test
    void aKeyThatNoHeaderCanCarryIsRefusedWithoutBeingShown() {
        assertThat(run("--base-url", server.url(), "--model", "m", "--key", "secret\nx: y"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the key holds characters").doesNotContain("secret");
        err.getBuffer().setLength(0);
        assertThat(run("--base-url", server.url(), "--model", "m", "--gateway", "--admin-key", "secret\nx: y"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--admin-key or --limited-key: the key holds characters")
                .doesNotContain("secret", "\tat ");
    }

    @Test
    void nobodyListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(refused("http://127.0.0.1:" + free + "/v1"))
                .contains("nobody listens at 127.0.0.1:" + free + " (connection refused)");
    }

    @Test
    void aNameThatNobodyKnows() {
        assertThat(refused("http://no-such-host.invalid/v1"))
                .contains("the name no-such-host.invalid is not known (DNS)");
    }

    @Test
    void aServerThatSaysNothing() {
        server.answer(Script.silence());
        assertThat(refused(server.url(), "--timeout", "1")).contains("nothing came for 1 s; --timeout allows more");
    }

    @Test
    void aServerThatFallsSilentInItsAnswer() {
        server.answer(new Script().head(200, "application/json", 1000).send("{").hang());
        assertThat(refused(server.url(), "--timeout", "1")).contains("nothing came for 1 s; --timeout allows more");
    }

    @Test
    void aWebPage() {
        String page = "<html>\n<body>Welcome</body></html>";
        server.answer(new Script().head(200, "text/html", page.length()).send(page));
        assertThat(refused(server.url()))
                .contains("is no chat endpoint as OpenAI's: HTTP 200 text/html: <html>⏎<body>Welcome</body></html>");
    }

    @Test
    void aPathThatIsNotThere() {
        server.answer(Script.json(404, "{\"detail\":\"Not Found\"}"));
        assertThat(refused(server.address()))
                .contains("is no chat endpoint", "HTTP 404", "is it " + server.address() + "/v1?");
    }

    @Test
    void anAddressThatSendsElsewhere() {
        server.answer(Script.json(308, "", "location", "https://elsewhere.example/v1/chat/completions"));
        assertThat(refused(server.url()))
                .contains(
                        "sends elsewhere (308): give the address itself, https://elsewhere.example/v1/chat/completions");
    }

    @Test
    void jsonOfSomethingElse() {
        server.answer(Script.json(200, "[1,2,3]"));
        assertThat(refused(server.url()))
                .contains("is no chat endpoint as OpenAI's: HTTP 200 application/json: [1,2,3]");
    }

    @Test
    void aServerThatSpeaksNoHttp() {
        server.answer(new Script().send("SSH-2.0-OpenSSH_9.6\r\n").close());
        assertThat(refused(server.url())).contains("does not speak HTTP");
    }

    @Test
    void aKeyThatIsRefusedIsNotRepeated() {
        server.answer(Script.json(
                401, Answers.error("Incorrect API key: sk-12345", "invalid_request_error", "invalid_api_key")));
        assertThat(refused(server.url())).contains("answers 401: Incorrect API key: sk-12345; give --key");
        err.getBuffer().setLength(0);
        assertThat(refused(server.url(), "--key", "sk-12345"))
                .contains("answers 401: Incorrect API key: ***; is the key right?");
    }

    @Test
    void aModelThatIsNotThere() {
        server.answer(Script.json(404, Answers.error("no such model", "invalid_request_error", "model_not_found")));
        assertThat(refused(server.url())).contains("answers 404: no such model; is \"m\" the right --model?");
    }

    @Test
    void aReferenceThatIsNotThere() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(refused(server.url(), "--compare-with", "http://127.0.0.1:" + free))
                .contains("nobody listens at 127.0.0.1:" + free);
    }

    @Test
    void plainHttpWhereTlsIsAskedFor() throws IOException {
        HttpServer plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        plain.start();
        try {
            int port = plain.getAddress().getPort();
            assertThat(refused("https://127.0.0.1:" + port + "/v1", "--timeout", "1"))
                    .contains("127.0.0.1:" + port, "TLS");
        } finally {
            plain.stop(0);
        }
    }

    @Test
    void aCertificateThatNobodyTrusts() throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        secure.setHttpsConfigurator(new HttpsConfigurator(identity(Certificate.in(folder))));
        secure.start();
        try {
            int port = secure.getAddress().getPort();
            assertThat(refused("https://127.0.0.1:" + port + "/v1"))
                    .contains("the certificate of 127.0.0.1:" + port + " is not trusted", "trustStore");
            err.getBuffer().setLength(0);
            assertThat(refused("http://127.0.0.1:" + port + "/v1")).contains("does not speak HTTP");
        } finally {
            secure.stop(0);
        }
    }

    private static SSLContext identity(Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(certificate.store().toFile(), Certificate.PASSWORD.toCharArray());
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, Certificate.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void findingsEndWithOneAndJsonIsOneObject() {
        // It answers whatever is asked the same way, streams included, and tells everybody the key.
        server.answer(Script.json(200, Answers.json("hello sk-12345")));
        String[] check = {
            "--base-url", server.url(), "--model", "m", "--runs", "1", "--timeout", "2", "--key", "sk-12345"
        };
        assertThat(run(check)).isEqualTo(1);
        assertThat(out.toString())
                .contains("BROKEN  stream.answers", "hello ***", "problems found")
                .doesNotContain("sk-12345");
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertThat(run(Stream.concat(Stream.of(check), Stream.of("--json")).toArray(String[]::new)))
                .isEqualTo(1);
        assertThat(out.toString())
                .startsWith("{")
                .contains("\"id\":\"stream.answers\",\"result\":\"broken\"")
                .doesNotContain("sk-12345");
        assertThat(err.toString()).contains("… 1/9 a plain answer");
        assertThat(out.toString().strip().lines()).hasSize(1);
    }

    @Test
    void asAProcessItSaysItsLineWithoutStartingTheGateway() {
        try (GatewayProcess process = GatewayProcess.start(
                folder, Map.of(), "conformance", "--base-url", "http://no-such-host.invalid/v1", "--model", "m")) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(2);
            assertThat(process.output().lines())
                    .containsExactly(
                            "… is there an endpoint? http://no-such-host.invalid/v1",
                            "http://no-such-host.invalid/v1: the name no-such-host.invalid is not known (DNS)");
        }
    }
}
