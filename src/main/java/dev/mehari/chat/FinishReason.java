package dev.mehari.chat;

/** Why a choice ended, in OpenAI's vocabulary. */
public enum FinishReason {
    STOP,
    LENGTH,
    TOOL_CALLS,
    CONTENT_FILTER,
    FUNCTION_CALL;

    private final String wire = name().toLowerCase(java.util.Locale.ROOT);

    /** As it stands in an OpenAI body, for example {@code tool_calls}. */
    public String wire() {
        return wire;
    }

    /**
     * The reason as clients rely on it: {@code TOOL_CALLS} exactly when the choice holds calls and ended by itself.
     * Providers say {@code STOP} beside calls, and the other way round. An answer cut short stays cut short.
     */
    public FinishReason withToolCalls(boolean called) {
        return switch (this) {
            case STOP, TOOL_CALLS, FUNCTION_CALL -> called ? TOOL_CALLS : STOP;
            case LENGTH, CONTENT_FILTER -> this;
        };
    }
}
