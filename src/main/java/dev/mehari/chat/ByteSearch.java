package dev.mehari.chat;

import java.util.Arrays;

/** Looks for bytes within bytes. */
public final class ByteSearch {
    private ByteSearch() {}

    /** Where the part stands first in that range; -1: nowhere. */
    public static int indexOf(byte[] bytes, byte[] part, int start, int end) {
        for (int i = start; i <= end - part.length; i++) {
            if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
