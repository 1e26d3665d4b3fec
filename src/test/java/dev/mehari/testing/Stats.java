package dev.mehari.testing;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code GET /stats} tells of one deployment. */
public final class Stats {
    private Stats() {}

    public static JsonNode of(Gateway gateway, String group, String provider) {
        for (JsonNode told : ErrorCheck.tree(gateway.get("/stats").body()).path("groups")) {
            for (JsonNode deployment : told.path("deployments")) {
                if (told.path("name").asText().equals(group)
                        && deployment.path("provider").asText().equals(provider)) {
                    return deployment;
                }
            }
        }
        throw new AssertionError("no " + provider + " in group " + group);
    }

    /** Of a model that no group names. */
    public static JsonNode of(Gateway gateway, String name) {
        for (JsonNode model : ErrorCheck.tree(gateway.get("/stats").body()).path("models")) {
            if (model.path("name").asText().equals(name)) {
                return model;
            }
        }
        throw new AssertionError("no model " + name);
    }
}
