package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Certificate;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Http2Upstream;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the version is agreed on with a provider: inside TLS, or not at all. */
class UpstreamHttp2AgreementTest {
    private static final String TRUST = "javax.net.ssl.trustStore";

    private static Http2Upstream both;
    private static Http2Upstream old;
    private static ScriptedUpstream plainOld;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.in(folder);
        both = new Http2Upstream(tls(certificate));
        old = new Http2Upstream(tls(certificate).setAlpnVersions(List.of(HttpVersion.HTTP_1_1)));
        plainOld = new ScriptedUpstream();
        System.setProperty(TRUST, certificate.store().toString());
        System.setProperty(TRUST + "Password", Certificate.PASSWORD);
        gateway = Gateway.start(
                "mehari.providers.openai.base-url=" + both.url(),
                "mehari.providers.openai.http-version=2",
                "mehari.providers.groq.base-url=" + old.url(),
                "mehari.providers.groq.http-version=2",
                "mehari.providers.mistral.base-url=" + both.url(),
                "mehari.providers.deepseek.base-url=" + plainOld.url(),
                "mehari.providers.deepseek.http-version=2");
    }

    private static HttpServerOptions tls(Certificate certificate) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(certificate.certificate().toString())
                        .addKeyPath(certificate.key().toString()));
    }

    @AfterAll
    static void stop() {
        System.clearProperty(TRUST);
        System.clearProperty(TRUST + "Password");
        gateway.close();
        both.close();
        old.close();
        plainOld.close();
    }

    private static HttpResponse<String> ask(String provider) {
        return gateway.chat(Answers.ask("m", true), "x-provider", provider);
    }

    private static void hello(Http2Upstream upstream) {
        upstream.answer(request -> {
            Answers.stream("hello").forEach(request::event);
            request.end();
        });
    }

    @Test
    void aProviderThatHasItGetsIt() throws InterruptedException {
        hello(both);
        assertThat(ask("openai").body()).contains("hello").endsWith("data: [DONE]\n\n");
        assertThat(both.awaitRequest().version()).isEqualTo(HttpVersion.HTTP_2);
    }

    @Test
    void aProviderWithoutItIsSpokenToAsBefore() throws InterruptedException {
        hello(old);
        assertThat(ask("groq").body()).contains("hello").endsWith("data: [DONE]\n\n");
        assertThat(old.awaitRequest().version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void nobodyGetsItUnasked() throws InterruptedException {
        hello(both);
        assertThat(ask("mistral").body()).contains("hello");
        assertThat(both.awaitRequest().version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void withoutTlsAProviderThatDoesNotSpeakItIsTold() {
        plainOld.answer(new Script().head(400, "text/plain", 0).close());
        HttpResponse<String> answer = ask("deepseek");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("provider \\\"deepseek\\\" cannot be reached", "does not speak HTTP/2");
    }
}
