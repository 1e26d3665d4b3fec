package dev.mehari.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.Json;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.Provider;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Anthropic's protocol without a running gateway. */
final class Claude {
    static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private final AnthropicProtocol protocol;
    private final Provider provider;

    private Claude(AnthropicProtocol protocol, Provider provider) {
        this.protocol = protocol;
        this.provider = provider;
    }

    /** As shipped. */
    static Claude shipped() {
        return new Claude(
                new AnthropicProtocol(Shipped.settings()), Shipped.providers().find("anthropic"));
    }

    /** With settings such as {@code providers.claude.api-version} beyond a key. */
    static Claude with(Map<String, String> settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        source.put("mehari.providers.claude.protocol", "anthropic");
        source.put("mehari.providers.claude.base-url", "http://127.0.0.1:1");
        source.put("mehari.providers.claude.chat-path", "/v1/messages");
        settings.forEach((name, value) -> source.put("mehari." + name, value));
        MehariSettings bound =
                new Binder(source).bind("mehari", MehariSettings.class).get();
        return new Claude(
                new AnthropicProtocol(bound),
                new Provider("claude", bound.providers().get("claude"), null));
    }

    /** @param fields of the request, JSON without braces */
    Ask ask(String model, String fields) {
        return Shipped.ask(provider, model, "{" + fields + "}");
    }

    Encoded encode(String model, String fields) {
        return protocol.encode(ask(model, fields));
    }

    /** The request as sent. */
    JsonNode sent(String model, String fields) {
        return Json.tree(encode(model, fields).request().body());
    }

    /** Some fields of the request as sent, compact. */
    String sent(String model, String fields, String... names) {
        return Json.text(((ObjectNode) sent(model, fields)).retain(names));
    }

    /** The events of a stream; each record is JSON whose event's name is its type. */
    List<ChatEvent> events(String fields, String... records) {
        EventDecoder decoder = protocol.decodeStream(ask("claude-sonnet-4-5", fields));
        List<ChatEvent> events = new ArrayList<>();
        for (String record : records) {
            byte[] bytes = ("data: " + record + "\n\n").getBytes(StandardCharsets.UTF_8);
            decoder.feed(bytes, 0, bytes.length, events::add);
        }
        decoder.end(events::add);
        return events;
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
