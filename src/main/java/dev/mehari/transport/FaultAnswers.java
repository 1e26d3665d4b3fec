package dev.mehari.transport;

import dev.mehari.chat.GatewayException;

/** Words a failure in the dialect of the path it happened on, also before any route is reached. Thread-safe. */
@FunctionalInterface
public interface FaultAnswers {
    ErrorAnswer answer(String path, String requestId, GatewayException fault);
}
