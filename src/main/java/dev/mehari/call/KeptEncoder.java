package dev.mehari.call;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.WholeEncoder;
import java.util.function.Consumer;

/** An encoder whose answer is kept as soon as it is whole. One instance a stream; not thread-safe. */
final class KeptEncoder implements EventEncoder {
    private final WholeEncoder encoder;
    private final Consumer<byte[]> keep;
    private boolean kept;

    KeptEncoder(WholeEncoder encoder, Consumer<byte[]> keep) {
        this.encoder = encoder;
        this.keep = keep;
    }

    @Override
    public void encode(ChatEvent event, ByteSink out) {
        encoder.encode(event, out);
        byte[] whole = encoder.whole();
        if (whole != null && !kept) {
            kept = true;
            keep.accept(whole);
        }
    }
}
