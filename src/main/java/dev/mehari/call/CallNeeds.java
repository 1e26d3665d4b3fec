package dev.mehari.call;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestFacts;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.Needs;
import dev.mehari.routing.Sticky;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call asks of its deployment, read off its request. What costs time is read only for groups that go by it. */
final class CallNeeds {
    /** Fields that tell conversations apart better than {@code user} does. */
    private static final List<String> NARROWER = List.of("prompt_cache_key", "safety_identifier");

    private CallNeeds() {}

    /** For a model that no group names. */
    static Needs of(Call call) {
        return needs(call.request(), false, null);
    }

    /** @param session as the routes have set it */
    static Needs of(Call call, ModelGroup group, @Nullable String session) {
        boolean chat = call.request().embeddings() == null;
        boolean images = chat && group.asksForImages() && hasImages(call.request());
        boolean sticky = group.strategy() instanceof Sticky;
        return needs(call.request(), images, sticky && session == null ? session(call) : session);
    }

    private static Needs needs(RequestFacts request, boolean images, @Nullable String session) {
        Long maxTokens = request.maxTokens();
        return new Needs(
                Needs.promptTokens(request.promptChars()),
                maxTokens == null ? 0 : maxTokens,
                request.hasTools(),
                images,
                request.stream(),
                session,
                request.history() == null ? null : request.history().keeper());
    }

    private static @Nullable String session(Call call) {
        String header = call.client().request().header("x-session-id");
        JsonObject raw = call.request().raw();
        if (header == null || header.isBlank()) {
            for (String name : NARROWER) {
                String value = raw.text(raw.field(name));
                if (!value.isBlank()) {
                    return value;
                }
            }
        }
        if (call.session() != null) {
            return call.session();
        }
        // Anthropic's place for it.
        JsonObject.Field metadata = raw.field("metadata");
        return metadata == null ? null : raw.tree(metadata).path("user_id").textValue();
    }

    private static boolean hasImages(RequestFacts request) {
        for (Message message : request.request().get().messages()) {
            boolean found =
                    switch (message) {
                        case Message.User user -> user.content().stream().anyMatch(CallNeeds::isImage);
                        case Message.Assistant assistant ->
                            assistant.content().stream().anyMatch(CallNeeds::isImage);
                        case Message.ToolResult result ->
                            result.content().stream().anyMatch(CallNeeds::isImage);
                        case Message.Instructions instructions -> false;
                    };
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static boolean isImage(AssistantPart part) {
        return part instanceof ContentPart.Image;
    }
}
