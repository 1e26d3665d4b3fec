package dev.mehari.testing.family;

import java.util.function.Supplier;
import java.util.stream.Stream;

/** The families of providers. */
public enum Family {
    OPENAI("openai", "/openai/v1", "gpt-4o-mini"),
    AZURE("azure", "/azure", "gpt-4o-mini"),
    ANTHROPIC("anthropic", "/anthropic", "claude-sonnet-4-5"),
    GEMINI("gemini", "/gemini/v1beta", "gemini-3-pro-preview"),
    BEDROCK("bedrock", "/bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0");

    private final String provider;
    private final String path;
    private final String upstreamModel;

    Family(String provider, String path, String upstreamModel) {
        this.provider = provider;
        this.path = path;
        this.upstreamModel = upstreamModel;
    }

    /** The name of its provider in the settings. */
    public String provider() {
        return provider;
    }

    /** The model that clients ask for: a group with one deployment of the family. */
    public String model() {
        return provider + "-family";
    }

    /** Settings of its provider, at that address, and of its group. */
    Stream<String> settings(String address) {
        String settings = "mehari.providers." + provider;
        String group = "mehari.models[" + ordinal() + "]";
        return Stream.of(
                settings + ".base-url=" + address + path,
                settings + ".api-key=" + provider + "-key",
                settings + ".pool.warm-up=0",
                group + ".name=" + model(),
                group + ".deployments[0].provider=" + provider,
                group + ".deployments[0].model=" + upstreamModel);
    }

    /** The family that is asked at this path. */
    static Family at(String path) {
        return Stream.of(values())
                .filter(family -> path.startsWith(family.path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no family lives at " + path));
    }

    /** @param responses for paths of the Responses API */
    Wire wire(String path, Supplier<Wire> responses) {
        return switch (this) {
            case OPENAI, AZURE ->
                path.split("\\?")[0].endsWith("/responses") ? responses.get() : new ChatWire(this == AZURE);
            case ANTHROPIC -> new MessagesWire();
            case GEMINI -> new GeminiWire();
            case BEDROCK -> new ConverseWire();
        };
    }
}
