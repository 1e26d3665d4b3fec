package dev.mehari.usage;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Makes captured bodies fit to be shown and kept: text without zero characters, redacted where the settings say so. */
public final class ContentText {
    private final UnaryOperator<String> redaction;

    public ContentText(UnaryOperator<String> redaction) {
        this.redaction = redaction;
    }

    /**
     * @param captured UTF-8, perhaps cut in the middle of a character
     * @param bytes how long it was before it was cut
     */
    public String of(byte[] captured, long bytes) {
        String text = redaction.apply(new String(captured, StandardCharsets.UTF_8).replace('\0', '?'));
        return captured.length < bytes ? text + "… (" + bytes + " bytes)" : text;
    }
}
