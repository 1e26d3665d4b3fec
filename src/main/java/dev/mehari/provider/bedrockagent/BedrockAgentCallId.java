package dev.mehari.provider.bedrockagent;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of a tool call that stands for one input of an agent's {@code returnControl}. It holds all that the answer must
 * repeat and the call's name cannot say, so that any replica can send it on.
 *
 * <p>The form: {@code call_} and base64url of a byte of flags and index, the invocation's id, the agent's id where there is
 * one, and an API operation's method and path. Clients may keep 64 characters of an id; what does not fit there is left
 * to {@link BedrockAgentCalls}.
 *
 * @param index of the input among those of its invocation, up to 31
 * @param agentId the collaborator that asks; null: the agent itself
 * @param operation of an API, for example {@code GET /orders/{id}}; null: a function
 */
record BedrockAgentCallId(
        String invocationId,
        int index,
        @Nullable String agentId,
        @Nullable String operation) {
    private static final String PREFIX = "call_";
    private static final int LONGEST = 64;
    private static final int INDEX = 31;
    private static final int HAS_AGENT = 32;
    private static final int HAS_OPERATION = 64;
    private static final int HAS_TEXT_ID = 128;

    /** The id as clients see it; null when it would be too long. */
    @Nullable
    String text() {
        byte[] uuid = uuid(invocationId);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(index & INDEX
                | (agentId == null ? 0 : HAS_AGENT)
                | (operation == null ? 0 : HAS_OPERATION)
                | (uuid == null ? HAS_TEXT_ID : 0));
        if (uuid == null) {
            text(invocationId, out);
        } else {
            out.writeBytes(uuid);
        }
        if (agentId != null) {
            text(agentId, out);
        }
        if (operation != null) {
            out.writeBytes(operation.getBytes(StandardCharsets.UTF_8));
        }
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        return text.length() > LONGEST || index > INDEX ? null : text;
    }

    private static void text(String text, ByteArrayOutputStream out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    /** Null for an id that is none of these. */
    static @Nullable BedrockAgentCallId read(String id) {
        if (!id.startsWith(PREFIX)) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id.substring(PREFIX.length())));
            int flags = bytes.get();
            String invocation = (flags & HAS_TEXT_ID) == 0
                    ? new UUID(bytes.getLong(), bytes.getLong()).toString()
                    : text(bytes, bytes.get() & 0xFF);
            String agent = (flags & HAS_AGENT) == 0 ? null : text(bytes, bytes.get() & 0xFF);
            String operation = (flags & HAS_OPERATION) == 0 ? null : text(bytes, bytes.remaining());
            BedrockAgentCallId read = new BedrockAgentCallId(invocation, flags & INDEX, agent, operation);
            // Ids of other makers may happen to be base64.
            return !bytes.hasRemaining() && read.isPlausible() && id.equals(read.text()) ? read : null;
        } catch (IllegalArgumentException | BufferUnderflowException other) {
            return null;
        }
    }

    private boolean isPlausible() {
        return (operation == null || operation.indexOf(" /") > 0) && !invocationId.isEmpty();
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] uuid(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            // One that is written in another way than we would read it back keeps its text.
            return uuid.toString().equals(id)
                    ? ByteBuffer.allocate(16)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array()
                    : null;
        } catch (IllegalArgumentException other) {
            return null;
        }
    }
}
