package dev.mehari.edge;

import dev.mehari.chat.GatewayException;
import dev.mehari.dialect.Dialect;
import dev.mehari.routing.FailureClass;
import dev.mehari.transport.ErrorAnswer;
import dev.mehari.transport.FaultAnswers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Words failures as errors of the dialect that is spoken at a path. */
@Component
final class DialectFaults implements FaultAnswers {
    private final List<Dialect> dialects;
    private final Dialect chat;

    DialectFaults(List<Dialect> dialects) {
        this.dialects = List.copyOf(dialects);
        this.chat = dialects.stream()
                .filter(dialect -> dialect.name().equals("chat"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public ErrorAnswer answer(String path, String requestId, GatewayException fault) {
        for (Dialect dialect : dialects) {
            if (dialect.ownsPath(path)) {
                return answer(dialect, requestId, fault, null);
            }
        }
        return answer(chat, requestId, fault, null);
    }

    /**
     * The failure in a dialect that is known already.
     *
     * @param otherwise when trying again makes sense, should the failure itself not say so
     */
    ErrorAnswer answer(Dialect dialect, String requestId, GatewayException fault, @Nullable Duration otherwise) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(4);
        headers.add(Map.entry("content-type", "application/json"));
        if (fault.status() == 408 || fault.status() == 409 || fault.status() == 429 || fault.status() >= 500) {
            // OpenAI's and Anthropic's clients would try any of these again, also where that cannot help.
            headers.add(Map.entry(
                    "x-should-retry", Boolean.toString(FailureClass.of(fault).mayPass())));
        }
        boolean mayWait = fault.status() == 429 || fault.status() == 503;
        Duration wait = fault.retryAfter() == null && mayWait ? otherwise : fault.retryAfter();
        if (wait != null) {
            headers.add(Map.entry("retry-after", Long.toString((wait.toMillis() + 999) / 1000)));
            headers.add(Map.entry("retry-after-ms", Long.toString(wait.toMillis())));
        }
        return new ErrorAnswer(
                fault, fault.status(), headers, dialect.error(fault, requestId), dialect.errorEvent(fault));
    }
}
