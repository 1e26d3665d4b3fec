package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawHttp;
import dev.mehari.testing.RawHttp.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed, mislabelled and oversized bodies. */
class BodyEncodingTest {
    private static final int LIMIT = 20 * 1024;
    private static final byte[] ASK = Answers.ask("demo", false).getBytes(StandardCharsets.UTF_8);
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start("mehari.limits.body-size=20KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void compressedBodiesAreUnpacked() throws IOException {
        assertThat(encoded(gzip(ASK), "gzip").status()).isEqualTo(200);
        assertThat(encoded(gzip(ASK), "X-GZIP").status()).isEqualTo(200);
        assertThat(encoded(deflate(ASK, false), "deflate").status()).isEqualTo(200);
        assertThat(encoded(deflate(ASK, true), "deflate").status()).isEqualTo(200);
        assertThat(encoded(ASK, "identity").status()).isEqualTo(200);
    }

    @Test
    void aBrokenOrCutCompressionIsABadRequest() throws IOException {
        byte[] whole = gzip(ASK);
        byte[] flipped = whole.clone();
        flipped[25] ^= 0x7f;
        ErrorCheck.error(encoded("this is not gzip".getBytes(StandardCharsets.US_ASCII), "gzip"), 400);
        ErrorCheck.error(encoded("nor is it deflate".getBytes(StandardCharsets.US_ASCII), "deflate"), 400);
        ErrorCheck.error(encoded(Arrays.copyOf(whole, whole.length / 2), "gzip"), 400);
        ErrorCheck.error(encoded(Arrays.copyOf(whole, whole.length - 4), "gzip"), 400);
        ErrorCheck.error(encoded(flipped, "gzip"), 400);
        ErrorCheck.error(encoded(new byte[0], "gzip"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "snappy", "compress", "gzip, gzip", "nonsense"})
    void anUnknownCompressionIsUnsupported(String encoding) {
        String code = ErrorCheck.error(encoded(ASK, encoding), 415).path("code").asText();
        assertThat(code).isEqualTo("unsupported_content_encoding");
    }

    @Test
    void theLimitCountsBytesAfterUnpacking() throws IOException {
        byte[] bomb = gzip(padded(8 * 1024 * 1024));
        assertThat(bomb.length).isLessThan(LIMIT);
        tooLarge(encoded(bomb, "gzip"));
        tooLarge(encoded(deflate(padded(LIMIT + 1), false), "deflate"));
        assertThat(encoded(gzip(padded(LIMIT)), "gzip").status()).isEqualTo(200);
    }

    @Test
    void theLimitHoldsWithAndWithoutALength() {
        tooLarge(RawHttp.chat(gateway, padded(LIMIT + 1)));
        tooLarge(chunked(padded(LIMIT + 1)));
        assertThat(RawHttp.chat(gateway, padded(LIMIT)).status()).isEqualTo(200);
        assertThat(chunked(padded(LIMIT)).status()).isEqualTo(200);
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeTheBodyComes() {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 999999999\r\n\r\n";
        tooLarge(RawHttp.send(gateway, head.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", "text/html",
                "application/json; charset=iso-8859-1", "application/json;charset=utf-16", "application/jsonp", "json"
            })
    void anotherContentTypeIsUnsupported(String type) {
        String code = ErrorCheck.error(RawHttp.chat(gateway, ASK, "content-type", type), 415)
                .path("code")
                .asText();
        assertThat(code).isEqualTo("unsupported_content_type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; Charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "application/vnd.api+json",
                "application/json;charset=utf8; q=1"
            })
    void jsonByAnyOfItsNamesPasses(String type) {
        assertThat(RawHttp.chat(gateway, ASK, "content-type", type).status()).isEqualTo(200);
    }

    @Test
    void aBodyWithoutAContentTypeIsTakenForJson() {
        assertThat(RawHttp.chat(gateway, ASK).status()).isEqualTo(200);
    }

    private static void tooLarge(Reply answer) {
        assertThat(ErrorCheck.error(answer, 413).path("code").asText()).isEqualTo("request_too_large");
    }

    private static Reply encoded(byte[] body, String encoding) {
        return RawHttp.chat(gateway, body, "content-type", "application/json", "content-encoding", encoding);
    }

    private static Reply chunked(byte[] body) {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n";
        byte[] chunk = RawHttp.joined(Integer.toHexString(body.length) + "\r\n", body);
        byte[] end = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(RawHttp.joined(head, chunk));
        all.writeBytes(end);
        return RawHttp.send(gateway, all.toByteArray());
    }

    /** A good request of that many bytes. */
    private static byte[] padded(int length) {
        String ask = Answers.ask("demo", false);
        String start = ask.substring(0, ask.length() - 1) + ",\"padding\":\"";
        return (start + "x".repeat(length - start.length() - 2) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean bare) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out =
                new DeflaterOutputStream(packed, new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
