package dev.mehari.provider.bedrockagent;

import dev.mehari.chat.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls whose ids would be too long for clients: those for API operations with a long path. Their ids are short and
 * what they stand for is kept here, in this process, for the latest so many calls. Thread-safe.
 */
final class BedrockAgentCalls {
    private static final int MOST = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, BedrockAgentCallId> kept = new LinkedHashMap<>();

    /** The id as the client is to see it. */
    String id(BedrockAgentCallId call) {
        String text = call.text();
        if (text != null) {
            return text;
        }
        String id = "call_" + Sha256.hex(call.toString()).substring(0, 40);
        lock.lock();
        try {
            kept.remove(id);
            kept.put(id, call);
            if (kept.size() > MOST) {
                kept.remove(kept.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return id;
    }

    /** What an id stands for; null when it is none of an agent's. */
    @Nullable
    BedrockAgentCallId find(String id) {
        BedrockAgentCallId read = BedrockAgentCallId.read(id);
        if (read != null) {
            return read;
        }
        lock.lock();
        try {
            return kept.get(id);
        } finally {
            lock.unlock();
        }
    }
}
