package dev.mehari.dialect;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The most output tokens that a client asks for, as reservations and time-outs go by it; upstream goes what the client
 * wrote. Less than one is no limit: some servers take 0 and -1 for that.
 */
public final class TokenLimit {
    private TokenLimit() {}

    /**
     * The larger of two, as one cannot know which of them a server obeys.
     *
     * @param other what was read before; null: nothing, or no limit
     * @param value standing on a number of any size
     * @return 1 to {@code Integer.MAX_VALUE}, so that sums and products of it stay in a long; null: no limit
     */
    public static @Nullable Long larger(@Nullable Long other, JsonParser value) throws IOException {
        // As a double, for a number beyond long is no reason to fail here.
        long asked = (long) Math.clamp(value.getDoubleValue(), 0.0, Integer.MAX_VALUE);
        return asked < 1 || (other != null && other >= asked) ? other : (Long) asked;
    }
}
