package dev.mehari.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ContentFiltered;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.provider.Provider;
import dev.mehari.provider.RetryAfter;
import dev.mehari.transport.UpstreamResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an error of Azure's means beyond what any host of OpenAI's API means by it. */
final class AzureError {
    private AzureError() {}

    /** @param meant what {@code response} means by OpenAI's rules */
    static GatewayException decode(GatewayException meant, Provider provider, UpstreamResponse response) {
        if (response.status() == 424) {
            // Failed dependency: something behind Azure's own door is ill, not the request.
            return new UpstreamUnavailable(
                    502,
                    "provider \"" + provider.name() + "\" failed: " + meant.text(),
                    RetryAfter.read(response::header));
        }
        if (meant instanceof ContentFiltered) {
            List<String> filtered = filtered(response.body());
            return filtered.isEmpty()
                    ? meant
                    : new ContentFiltered(meant.text() + " (filtered: " + String.join(", ", filtered) + ")");
        }
        return meant;
    }

    /** The categories that the filter struck at: {@code hate}, {@code jailbreak} and others. */
    private static List<String> filtered(byte[] body) {
        List<String> categories = new ArrayList<>();
        JsonNode inner;
        try {
            inner = Json.MAPPER.readTree(body).path("error").path("innererror");
        } catch (IOException notJson) {
            return categories;
        }
        JsonNode results = inner.path("content_filter_result");
        results.properties().forEach(category -> {
            if (category.getValue().path("filtered").asBoolean()) {
                categories.add(category.getKey());
            }
        });
        return categories;
    }
}
