package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.Door;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Tells whether an endpoint has a door at all. */
final class Doors {
    private Doors() {}

    /**
     * Any answer but 200 to a sound request counts as no door; whether that is a finding, the plan says.
     *
     * @param demands all that is asked of the door; the first tells that it must be there
     */
    static boolean there(Session session, Door door, Answer answer, List<Demand> demands) {
        if (answer.status() == 200 && !answer.json().hasNonNull("error")) {
            return true;
        }
        String name = door.name().toLowerCase(Locale.ROOT);
        if (session.plan().demanded().contains(door)) {
            session.sheet().judge(demands.getFirst(), answer.excerpt());
            session.sheet().unchecked(demands, "there is nothing at /" + name);
        } else {
            String hint =
                    door == Door.EMBEDDINGS ? "--embeddings-model names one" : "--require " + name + " demands it";
            session.sheet().absent(demands, answer.excerpt() + " (" + hint + ")");
        }
        return false;
    }

    /** How many bytes a base64 text holds; -1: it is none. */
    static int bytes(JsonNode base64) {
        try {
            return base64.isTextual() ? Base64.getDecoder().decode(base64.asText()).length : -1;
        } catch (IllegalArgumentException notBase64) {
            return -1;
        }
    }
}
