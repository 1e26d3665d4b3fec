package dev.mehari.call;

import dev.mehari.chat.ChatEvent;

/**
 * How much of a streamed answer has passed, for those that end before the provider tells its token counts. On the loop
 * only.
 *
 * <p>Text counts as it is. Of records that pass as bytes nothing is read: all of one stream are wrapped alike, so that what
 * the shortest of them has is wrapping and a letter, and what others have more is text. Most providers send a token a
 * record, so that there are as many tokens as records at least.
 */
final class Delivered {
    /** For English text and code, as OpenAI's help pages give it. */
    private static final int CHARS_A_TOKEN = 4;

    private long chars;
    private long frames;
    private long frameBytes;
    private int shortestFrame = Integer.MAX_VALUE;

    void see(ChatEvent event) {
        switch (event) {
            case ChatEvent.Frame frame -> {
                if (frame.commits()) {
                    frames++;
                    frameBytes += frame.bytes().length;
                    shortestFrame = Math.min(shortestFrame, frame.bytes().length);
                }
            }
            case ChatEvent.TextDelta delta -> chars += delta.text().length();
            case ChatEvent.ReasoningDelta delta -> chars += delta.text().length();
            case ChatEvent.RefusalDelta delta -> chars += delta.text().length();
            case ChatEvent.ToolCallStart call -> chars += call.name().length();
            case ChatEvent.ToolCallDelta delta -> chars += delta.arguments().length();
            default -> {}
        }
    }

    /** About so many tokens; 0 when nothing has passed. */
    long tokens() {
        long text = chars + (frames == 0 ? 0 : frameBytes - frames * (shortestFrame - 1));
        return Math.max(frames, Math.ceilDiv(text, (long) CHARS_A_TOKEN));
    }
}
