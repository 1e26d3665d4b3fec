package dev.mehari.call;

import dev.mehari.cache.Recording;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Usage;
import dev.mehari.transport.StreamWatcher;
import dev.mehari.transport.UpstreamTimes;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one attempt as it passes: recorded for others, kept for later, and noted how far it came. Its events pass
 * on the call's loop; what they told may be read from any thread.
 */
final class AttemptStream implements StreamWatcher {
    private final @Nullable Recording recording;
    private final Booking booking;
    private final UpstreamTimes times;
    private final Delivered delivered = new Delivered();
    private @Nullable KeptEncoder kept;
    private volatile @Nullable Supplier<@Nullable AnswerNames> names;
    private volatile @Nullable Usage usage;
    private volatile @Nullable FinishReason finish;
    private volatile @Nullable GatewayException broken;

    /** @param recording null: nobody else will want it */
    AttemptStream(@Nullable Recording recording, Booking booking, UpstreamTimes times) {
        this.recording = recording;
        this.booking = booking;
        this.times = times;
    }

    /** It is written by that one, which hears of its end here. */
    void keptBy(KeptEncoder encoder) {
        kept = encoder;
    }

    /** What the provider calls it will be known there. */
    void namedBy(Supplier<@Nullable AnswerNames> names) {
        this.names = names;
    }

    /** Null: nothing, or it has not begun. */
    @Nullable
    AnswerNames names() {
        Supplier<@Nullable AnswerNames> told = names;
        return told == null ? null : told.get();
    }

    @Override
    public void watch(ChatEvent event) {
        if (recording != null) {
            recording.accept(event);
        }
        if (kept != null) {
            kept.watch(event);
        }
        delivered.see(event);
        switch (event) {
            case ChatEvent.Frame frame -> {
                // Most frames have neither, and a volatile write a chunk is not for nothing.
                if (frame.usage() != null) {
                    usage = frame.usage();
                }
                if (frame.finish() != null) {
                    finish = frame.finish();
                }
            }
            case ChatEvent.Finish end -> finish = end.reason();
            case ChatEvent.UsageReport report -> usage = report.usage();
            case ChatEvent.End end -> {
                times.ended();
                booking.succeeded(usage);
            }
            case ChatEvent.Failure failed -> {
                times.ended();
                broken = failed.reason();
                booking.failed(failed.reason(), usage);
            }
            default -> {}
        }
    }

    /** Whether calls that asked the same still want it. */
    @Override
    public boolean isWanted() {
        return recording != null && recording.isFollowed();
    }

    /** Itself as it comes; null: it is not recorded. */
    @Nullable
    Recording recording() {
        return recording;
    }

    /** Token counts, once they are known. */
    @Nullable
    Usage usage() {
        return usage;
    }

    /** Why the answer ended, as far as it has; of several choices the last. */
    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** Why it ended before its answer did; null: it did not. */
    @Nullable
    GatewayException broken() {
        return broken;
    }

    /** About how many tokens have come. */
    long tokens() {
        return delivered.tokens();
    }
}
