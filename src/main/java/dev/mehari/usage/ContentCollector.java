package dev.mehari.usage;

import java.util.Arrays;
import java.util.function.Consumer;

/** Copies an answer as it passes, up to a limit. On the call's loop only. */
public final class ContentCollector implements Consumer<byte[]> {
    private final byte[] request;
    private final int most;
    private byte[] copied = new byte[0];
    private int length;
    private long passed;

    /** @param most bytes to keep of the request and of the answer each */
    public ContentCollector(byte[] request, int most) {
        this.request = request;
        this.most = most;
    }

    @Override
    public void accept(byte[] bytes) {
        passed += bytes.length;
        int fits = Math.min(bytes.length, most - length);
        if (fits <= 0) {
            return;
        }
        if (copied.length < length + fits) {
            copied = Arrays.copyOf(copied, Math.min(most, Math.max(length + fits, 2 * copied.length)));
        }
        System.arraycopy(bytes, 0, copied, length, fits);
        length += fits;
    }

    /** What came so far. */
    public CallContent content() {
        return new CallContent(
                Arrays.copyOf(request, Math.min(most, request.length)),
                request.length,
                Arrays.copyOf(copied, length),
                passed);
    }
}
