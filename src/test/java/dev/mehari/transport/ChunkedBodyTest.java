package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedBodyTest {
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_576})
    void aPartOfAnySizeIsOneChunkInOneBuffer(int length) {
        EmbeddedChannel client = connection();
        byte[] lent = new byte[length + 7];
        Arrays.fill(lent, 0, length, (byte) 'a');
        ChunkedBody body = ChunkedBody.of(client);
        assertThat(body).isNotNull();

        body.write(lent, length);
        Arrays.fill(lent, (byte) 'b');

        ByteBuf sent = client.readOutbound();
        assertThat((Object) client.readOutbound()).isNull();
        assertThat(read(sent)).isEqualTo("a".repeat(length));
    }

    @Test
    void aConnectionThatIsClosedHasNoBody() {
        EmbeddedChannel client = connection();
        client.finishAndReleaseAll();
        assertThat(ChunkedBody.of(client)).isNull();
    }

    @Test
    void whatIsWrittenAfterTheClientHasLeftIsDropped() {
        EmbeddedChannel client = connection();
        ChunkedBody body = ChunkedBody.of(client);
        assertThat(body).isNotNull();
        client.close();

        body.write("late".getBytes(StandardCharsets.US_ASCII), 4);

        assertThat((Object) client.readOutbound()).isNull();
        client.checkException();
    }

    private static EmbeddedChannel connection() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("httpEncoder", new ChannelOutboundHandlerAdapter());
        return channel;
    }

    /** The content of the one chunk. */
    private static String read(ByteBuf sent) {
        EmbeddedChannel reader = new EmbeddedChannel(new HttpResponseDecoder(4096, 8192, 2_000_000));
        reader.writeInbound(reader.alloc().buffer().writeBytes(HEAD), sent);
        reader.readInbound();
        HttpContent content = reader.readInbound();
        String text = content.content().toString(StandardCharsets.US_ASCII);
        content.release();
        assertThat((Object) reader.readInbound()).isNull();
        return text;
    }
}
