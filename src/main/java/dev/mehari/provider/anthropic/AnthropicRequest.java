package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.chat.Sha256;
import dev.mehari.config.AnthropicSettings;
import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import dev.mehari.provider.anthropic.AnthropicTurn.Placed;
import dev.mehari.provider.anthropic.AnthropicTurn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes one Messages request out of the hub's. One instance a request. */
final class AnthropicRequest {
    private static final String JSON_ONLY = "Answer with one JSON object and nothing else.";
    private static final int LONGEST_USER_ID = 256;

    private final ChatRequest request;
    private final Model model;
    private final AnthropicSettings settings;
    private final boolean sampling;
    private final List<String> dropped;
    private final AnthropicTools tools;
    private final AnthropicThinking thinking;
    private final ByteSink body;
    private final JsonWriter out;
    private final AnthropicBlocks blocks;

    /**
     * @param provider its name, for messages
     * @param sampling whether the version of the API knows sampling parameters at all
     * @throws InvalidRequest the API cannot serve a field of it
     */
    AnthropicRequest(
            ChatRequest request, String provider, Model model, AnthropicSettings settings, boolean sampling, int size) {
        this.request = request;
        this.model = model;
        this.settings = settings;
        this.sampling = sampling && model.can(Capability.SAMPLING);
        this.dropped = new ArrayList<>(AnthropicFields.FIELDS.dropped(request, provider));
        this.tools = AnthropicTools.of(request, model);
        this.thinking = AnthropicThinking.of(request, model, settings.defaultMaxTokens(), dropped);
        this.body = new ByteSink(size + 256);
        this.out = new JsonWriter(body);
        this.blocks = new AnthropicBlocks(out, provider, dropped);
    }

    /** Fields that were left out, known after {@link #encode}. */
    List<String> dropped() {
        return dropped;
    }

    int maxTokens() {
        return thinking.maxTokens();
    }

    /**
     * The body.
     *
     * @param name of the model, as Anthropic has it
     */
    byte[] encode(String name, boolean stream) {
        out.object().field("model", name);
        out.name("max_tokens").number(thinking.maxTokens());
        JsonNode webSearch = webSearch();
        new AnthropicToolWriter(request, model, tools, blocks, out, dropped).write(thinking.isOn(), webSearch);
        conversation();
        thinking();
        outputConfig();
        sampling();
        terms();
        extras();
        if (stream) {
            out.name("stream").bool(true);
        }
        out.endObject();
        return body.take();
    }

    private void conversation() {
        AnthropicMessages messages =
                new AnthropicMessages(request, model, settings.lateSystem(), dropped).shape(thinking.isOn());
        system(messages.system());
        out.name("messages").list();
        for (AnthropicTurn turn : messages.turns()) {
            turn(turn, turn == messages.turns().getLast());
        }
        out.endList();
    }

    private void system(List<ContentPart.Text> texts) {
        String instruction = formatInstruction();
        if (texts.isEmpty() && instruction == null) {
            return;
        }
        out.name("system").list();
        StringBuilder joined = new StringBuilder();
        for (ContentPart.Text text : texts) {
            joined.append(joined.isEmpty() ? "" : "\n\n").append(text.text());
            if (text.cache() != null) {
                // What is cached ends here, so this block does too.
                blocks.text(joined.toString(), text.cache());
                joined.setLength(0);
            }
        }
        if (instruction != null) {
            joined.append(joined.isEmpty() ? "" : "\n\n").append(instruction);
        }
        if (!joined.isEmpty()) {
            blocks.text(joined.toString(), null);
        }
        out.endList();
    }

    /** In words, what neither the model nor a tool of ours can be made to keep. */
    private @Nullable String formatInstruction() {
        return switch (request.output().format()) {
            case null -> null;
            case ResponseFormat.Text text -> null;
            case ResponseFormat.JsonObject object -> JSON_ONLY;
            case ResponseFormat.JsonSchema format ->
                tools.schema() == null && tools.answerTool() == null
                        ? "Your final answer is one JSON value that conforms to this JSON schema, and nothing else: "
                                + Json.text(format.schema())
                        : null;
        };
    }

    private void turn(AnthropicTurn turn, boolean last) {
        out.object().field("role", turn.role.name().toLowerCase(Locale.ROOT));
        out.name("content").list();
        turn.results().forEach(blocks::result);
        List<Placed> parts = turn.parts();
        for (int i = 0; i < parts.size(); i++) {
            boolean toGoOnWith = last && turn.role == Role.ASSISTANT && i == parts.size() - 1;
            blocks.block(toGoOnWith ? AnthropicMessages.trimmed(parts.get(i)) : parts.get(i));
        }
        turn.calls().forEach(blocks::call);
        out.endList().endObject();
    }

    private void thinking() {
        if (thinking.type() == null) {
            return;
        }
        out.name("thinking").object().field("type", thinking.type());
        if (thinking.budgetTokens() > 0) {
            out.name("budget_tokens").number(thinking.budgetTokens());
        }
        if (thinking.display() != null) {
            out.field("display", thinking.display());
        }
        out.endObject();
    }

    /** Ours over the client's own object of that name. */
    private void outputConfig() {
        ObjectNode config = request.extras().get("output_config") instanceof ObjectNode theirs
                ? theirs.deepCopy()
                : Json.MAPPER.createObjectNode();
        if (thinking.effort() != null) {
            config.put("effort", thinking.effort());
        }
        JsonNode schema = tools.schema();
        if (schema != null && request.output().format() instanceof ResponseFormat.JsonSchema format) {
            if (format.description() != null && !schema.has("description") && schema instanceof ObjectNode root) {
                root.put("description", format.description());
            }
            config.putObject("format").put("type", "json_schema").set("schema", schema);
        }
        if (!config.isEmpty()) {
            out.name("output_config").raw(Json.bytes(config));
        }
    }

    private void sampling() {
        ChatRequest.Sampling asked = request.sampling();
        boolean free = sampling && !thinking.isOn();
        Double temperature = asked.temperature();
        Double topP = asked.topP();
        if (temperature != null) {
            if (free) {
                out.name("temperature").number(Math.min(1, temperature));
            } else if (temperature != 1) {
                dropped.add(RequestField.TEMPERATURE.title());
            }
        }
        if (topP != null) {
            // Anthropic refuses both together on newer models.
            if (free && temperature == null) {
                out.name("top_p").number(topP);
            } else if (topP != 1) {
                dropped.add(RequestField.TOP_P.title());
            }
        }
        if (asked.topK() != null) {
            if (free) {
                out.name("top_k").number(asked.topK());
            } else {
                dropped.add(RequestField.TOP_K.title());
            }
        }
        List<String> stop =
                asked.stop().stream().filter(text -> !text.isBlank()).toList();
        if (stop.size() < asked.stop().size()) {
            dropped.add(RequestField.STOP.title());
        }
        if (!stop.isEmpty()) {
            out.name("stop_sequences").list();
            stop.forEach(out::text);
            out.endList();
        }
    }

    private void terms() {
        ChatRequest.Terms terms = request.terms();
        String user = terms.safetyIdentifier() == null ? terms.user() : terms.safetyIdentifier();
        if (user != null && !user.isBlank()) {
            out.name("metadata").object().field("user_id", userId(user)).endObject();
        }
        String tier = terms.serviceTier();
        if (tier != null) {
            switch (tier) {
                case "auto", "standard_only" -> out.field("service_tier", tier);
                case "default" -> out.field("service_tier", "standard_only");
                default -> dropped.add(RequestField.SERVICE_TIER.title());
            }
        }
    }

    /** Anthropic: an opaque id of at most 256 characters, no name, no address. */
    private static String userId(String user) {
        return user.indexOf('@') >= 0 || user.length() > LONGEST_USER_ID ? Sha256.hex(user) : user;
    }

    private void extras() {
        request.extras().fields().forEach((name, value) -> {
            boolean written = name.equals("thinking") || name.equals("output_config");
            if (!written && !value.isNull() && AnthropicFields.FIELDS.extras().contains(name)) {
                out.name(name).raw(Json.bytes(value));
            }
        });
    }

    /** {@code web_search_options} as the server tool of the settings; null when there is none. */
    private @Nullable JsonNode webSearch() {
        JsonNode options = request.extras().get("web_search_options");
        String type = settings.webSearchTool();
        if (options == null || !options.isObject() || type == null) {
            return null;
        }
        dropped.remove("web_search_options");
        ObjectNode tool = Json.MAPPER.createObjectNode().put("type", type).put("name", "web_search");
        if (options.path("user_location").path("approximate") instanceof ObjectNode place) {
            tool.putObject("user_location").put("type", "approximate").setAll(place);
        }
        return tool;
    }
}
