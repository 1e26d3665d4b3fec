package dev.mehari.chat;

import java.util.Arrays;

/** Looks for bytes within bytes. */
public final class ByteSearch {
    /** In a longer range a table of skips is made up for. */
    private static final int LONG = 1024;

    private ByteSearch() {}

    /** Where the part stands first in that range; -1: nowhere. */
    public static int indexOf(byte[] bytes, byte[] part, int start, int end) {
        return end - start < LONG ? step(bytes, part, start, end) : skip(bytes, part, start, end);
    }

    private static int step(byte[] bytes, byte[] part, int start, int end) {
        int last = part.length - 1;
        for (int i = start; i <= end - part.length; i++) {
            if (bytes[i + last] == part[last] && isAt(bytes, part, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Horspool, "Practical fast searching in strings" (1980): by the byte under the part's last, as far as it allows. */
    private static int skip(byte[] bytes, byte[] part, int start, int end) {
        int last = part.length - 1;
        int[] skips = new int[256];
        Arrays.fill(skips, part.length);
        for (int i = 0; i < last; i++) {
            skips[part[i] & 0xff] = last - i;
        }
        for (int i = start; i <= end - part.length; i += skips[bytes[i + last] & 0xff]) {
            if (bytes[i + last] == part[last] && isAt(bytes, part, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] bytes, byte[] part, int at) {
        return Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
    }
}
