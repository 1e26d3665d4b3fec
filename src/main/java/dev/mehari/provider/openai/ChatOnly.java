package dev.mehari.provider.openai;

import dev.mehari.provider.Ask;
import dev.mehari.provider.ErrorBody;
import dev.mehari.transport.UpstreamResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Models whose hosts were found to know no Responses API although the settings say so, by provider and model: an address
 * of the operator's own may be a host that speaks chat completions only. Thread-safe.
 */
final class ChatOnly {
    /** Beyond so many all are forgotten, and found out again: clients make names up. */
    private static final int MOST = 1000;

    private final Set<String> found = ConcurrentHashMap.newKeySet();

    boolean holds(Ask ask) {
        return !found.isEmpty() && found.contains(key(ask));
    }

    void add(Ask ask) {
        if (found.size() >= MOST) {
            found.clear();
        }
        found.add(key(ask));
    }

    private static String key(Ask ask) {
        return ask.provider().name() + '/' + ask.model();
    }

    /** Whether that answer says that there is nothing at the path; a model that is not there is named by its code. */
    static boolean isMeantBy(UpstreamResponse response) {
        return switch (response.status()) {
            case 404 ->
                !"model_not_found".equals(ErrorBody.read(404, response.body()).code());
            case 405, 501 -> true;
            default -> false;
        };
    }
}
