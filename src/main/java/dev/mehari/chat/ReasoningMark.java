package dev.mehari.chat;

import java.nio.charset.StandardCharsets;

/**
 * How {@code reasoning.encrypted_content} begins when the gateway packed it: base64 of <code>{"mehari":</code>. Whoever
 * sends such an item back gets it translated; to the makers of other content it means nothing, and they refuse it.
 */
public final class ReasoningMark {
    public static final String TEXT = "eyJtZWhhcmkiOj";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);

    private ReasoningMark() {}

    /** Whether it stands somewhere in that range. */
    public static boolean isIn(byte[] json, int start, int end) {
        return ByteSearch.indexOf(json, BYTES, start, end) >= 0;
    }
}
