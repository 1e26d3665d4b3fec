package dev.mehari.secrets;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Writes log lines as another encoder does, without secrets: the whole line with its message, arguments, exceptions, thread
 * name and context, in any format. Thread-safe as the other one is.
 */
final class RedactingEncoder extends EncoderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> plain;
    private final Secrets secrets;

    RedactingEncoder(Encoder<ILoggingEvent> plain, Secrets secrets) {
        this.plain = plain;
        this.secrets = secrets;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        if (plain instanceof LayoutWrappingEncoder<ILoggingEvent> layout) {
            return secrets.without(layout.getLayout().doLayout(event)).getBytes(charset());
        }
        byte[] bytes = plain.encode(event);
        String line = new String(bytes, charset());
        String clear = secrets.without(line);
        return clear.equals(line) ? bytes : clear.getBytes(charset());
    }

    private Charset charset() {
        Charset set = plain instanceof LayoutWrappingEncoder<?> layout ? layout.getCharset() : StandardCharsets.UTF_8;
        return set == null ? Charset.defaultCharset() : set;
    }

    @Override
    public byte[] headerBytes() {
        return plain.headerBytes();
    }

    @Override
    public byte[] footerBytes() {
        return plain.footerBytes();
    }
}
