package dev.mehari.call;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.chat.WholeEncoder.Whole;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An encoder whose answer is kept as soon as it is whole, or as far as it came when the client leaves. One instance a
 * stream; not thread-safe.
 */
final class KeptEncoder implements EventEncoder {
    private final WholeEncoder encoder;
    private final @Nullable Attempt attempt;
    private final Consumer<Whole> keep;
    private boolean kept;

    /** @param attempt whose answer it is; null: it was given before */
    KeptEncoder(WholeEncoder encoder, @Nullable Attempt attempt, Consumer<Whole> keep) {
        this.encoder = encoder;
        this.attempt = attempt;
        this.keep = keep;
    }

    @Override
    public void encode(ChatEvent event, ByteSink out) {
        encoder.encode(event, out);
        if (!kept) {
            keep(encoder.whole());
        }
    }

    /** Sees what passes, and that nobody reads on. What was never the client's answer is not kept. */
    void watch(ChatEvent event) {
        boolean left = event instanceof ChatEvent.Failure failure && failure.reason() instanceof ClientGone;
        if (left && !kept && attempt != null && attempt.answer() != null) {
            keep(encoder.cancelled());
        }
    }

    private void keep(@Nullable Whole whole) {
        if (whole != null) {
            kept = true;
            keep.accept(whole);
        }
    }
}
