package dev.mehari.provider.gemini;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.provider.Ask;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one {@code GenerateContentRequest}. One instance a request. */
final class GeminiRequest {
    private final Ask ask;
    private final ChatRequest request;
    private final GeminiPlatform platform;
    private final GeminiModel model;
    private final ThoughtSignatures signatures;
    private final String provider;
    private final Set<String> dropped = new LinkedHashSet<>(0);

    GeminiRequest(Ask ask, GeminiPlatform platform, ThoughtSignatures signatures) {
        this.ask = ask;
        this.request = ask.request().request().get();
        this.platform = platform;
        this.model = GeminiModel.of(GeminiAddress.plainName(ask.model()));
        this.signatures = signatures;
        this.provider = ask.provider().name();
    }

    /** Fields that the provider does not take; complete once {@link #encode()} has returned. */
    Collection<String> dropped() {
        return dropped;
    }

    /** @throws InvalidRequest the provider cannot serve a field of it */
    byte[] encode() {
        dropped.addAll(GeminiFields.of(platform).dropped(request, provider));
        GoogleExtras extras = GoogleExtras.of(request.extras());
        dropped.addAll(extras.unknown());
        ByteSink out = new ByteSink(ask.request().raw().bytes().length + 512);
        JsonWriter json = new JsonWriter(out).object();
        GeminiTuning tuning = new GeminiTuning(json, request, platform, model, provider, dropped);
        GeminiMessages messages = new GeminiMessages(
                json, request, platform, model, signatures, new GeminiMedia(json, platform, ask.provider()), dropped);
        messages.writeSystem(tuning.formatInWords());
        messages.writeContents();
        new GeminiTools(json, request.tooling(), platform, model, provider, dropped).write();
        tuning.write(extras);
        writeSafety(json, extras);
        String cached = extras.cachedContent();
        if (cached != null) {
            json.field("cachedContent", cached);
        }
        writeTerms(json);
        json.endObject();
        return out.take();
    }

    /** The client's own settings, else those of the provider's configuration; by default Google's. */
    private void writeSafety(JsonWriter json, GoogleExtras extras) {
        Map<String, String> configured = ask.provider().settings().google().safety();
        if (extras.safety() != null) {
            json.name("safetySettings").tree(extras.safety());
        } else if (!configured.isEmpty()) {
            json.name("safetySettings").list();
            configured.forEach((category, threshold) -> json.object()
                    .field("category", constant(category))
                    .field("threshold", constant(threshold))
                    .endObject());
            json.endList();
        }
    }

    /** Settings may be written as {@code harm-category-harassment}. */
    private static String constant(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private void writeTerms(JsonWriter json) {
        String asked = request.terms().serviceTier();
        if (asked != null && tier() == null && !asked.equals("auto")) {
            dropped.add(RequestField.SERVICE_TIER.title());
        }
        switch (platform) {
            case AI_STUDIO -> {
                String tier = tier();
                if (tier != null) {
                    json.field("serviceTier", tier);
                }
            }
            case VERTEX -> writeLabels(json);
        }
    }

    /** Google's word for OpenAI's service tier; null for none, which is its default. */
    @Nullable
    String tier() {
        String tier = request.terms().serviceTier();
        return switch (tier) {
            case "flex", "priority" -> tier;
            case "default", "standard" -> "standard";
            case null, default -> null;
        };
    }

    private void writeLabels(JsonWriter json) {
        boolean any = false;
        for (Map.Entry<String, String> entry : request.terms().metadata().entrySet()) {
            if (!isLabel(entry.getKey(), true) || !isLabel(entry.getValue(), false)) {
                dropped.add("metadata." + entry.getKey());
                continue;
            }
            if (!any) {
                json.name("labels").object();
                any = true;
            }
            json.field(entry.getKey(), entry.getValue());
        }
        if (any) {
            json.endObject();
        }
    }

    /** Google Cloud, Requirements for labels: small letters, digits, _ and -, at most 63; keys begin with a letter. */
    private static boolean isLabel(String text, boolean key) {
        if (text.length() > 63 || (key && (text.isEmpty() || text.charAt(0) < 'a' || text.charAt(0) > 'z'))) {
            return false;
        }
        return text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
}
