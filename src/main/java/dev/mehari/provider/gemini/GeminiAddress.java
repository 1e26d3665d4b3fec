package dev.mehari.provider.gemini;

import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is asked, below the provider's base URL. That one may end in the version of the API or leave it out, and
 * for Vertex AI may go on to the project and location.
 */
final class GeminiAddress {
    private GeminiAddress() {}

    /** @param verb such as {@code generateContent}, with any query */
    static String path(Ask ask, GeminiPlatform platform, String verb) {
        Provider provider = ask.provider();
        String basePath = basePath(provider);
        return switch (platform) {
            case AI_STUDIO -> version(basePath, provider.settings(), "v1beta") + resource(ask.model(), "") + ":" + verb;
            case VERTEX ->
                vertex(basePath, provider.settings()) + resource(ask.model(), "/publishers/google") + ":" + verb;
        };
    }

    /** Of AI Studio's list. */
    static String models(Provider provider) {
        return version(basePath(provider), provider.settings(), "v1beta") + "/models";
    }

    private static String basePath(Provider provider) {
        URI base =
                provider.target() == null ? URI.create("") : provider.target().baseUri();
        return base.getRawPath() == null ? "" : base.getRawPath();
    }

    private static String vertex(String basePath, ProviderSettings settings) {
        if (basePath.contains("/projects/")) {
            return "";
        }
        String project = settings.google().project();
        // Without a project it is the express mode, by key.
        return version(basePath, settings, "v1")
                + (project == null
                        ? ""
                        : "/projects/" + encoded(project) + "/locations/"
                                + encoded(settings.google().location()));
    }

    private static String version(String basePath, ProviderSettings settings, String usual) {
        String last = basePath.substring(basePath.lastIndexOf('/') + 1);
        boolean there = basePath.contains("/projects/")
                || (last.length() > 1 && last.charAt(0) == 'v' && Character.isDigit(last.charAt(1)));
        return there ? "" : "/" + (settings.apiVersion() == null ? usual : settings.apiVersion());
    }

    /** {@code /models/…}, or a tuned model's own kind of resource. */
    private static String resource(String model, String publisher) {
        String name = plainName(model);
        for (String kind : new String[] {"tunedModels", "endpoints"}) {
            if (name.startsWith(kind + "/")) {
                return "/" + kind + "/" + encoded(name.substring(kind.length() + 1));
            }
        }
        return publisher + "/models/" + encoded(name);
    }

    /** Without the prefixes that Google's lists and its OpenAI endpoint put before a model. */
    static String plainName(String model) {
        String name = model.startsWith("google/") ? model.substring("google/".length()) : model;
        return name.startsWith("models/") ? name.substring("models/".length()) : name;
    }

    /** A client's model is a name, never a path. */
    private static String encoded(@Nullable String segment) {
        String text = segment == null ? "" : segment;
        String escaped = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        // Two names that URLs read as something else.
        return escaped.equals(".") || escaped.equals("..") ? escaped.replace(".", "%2E") : escaped;
    }
}
