package dev.mehari.testing;

import dev.mehari.chat.RequestFacts;
import dev.mehari.config.MehariSettings;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.FileSystemResource;

/** The providers of the shipped application.yaml, without a running gateway and without anybody's environment. */
public final class Shipped {
    private Shipped() {}

    public static Providers providers() {
        return providers(settings());
    }

    /** One of them at another address. */
    public static Provider at(String provider, String baseUrl) {
        Map<String, Object> moved = Map.of("mehari.providers." + provider + ".base-url", baseUrl);
        Provider found = providers(settings(moved)).find(provider);
        if (found == null) {
            throw new IllegalArgumentException("there is no provider " + provider);
        }
        return found;
    }

    private static Providers providers(MehariSettings settings) {
        return new Providers(settings.providers().entrySet().stream()
                .map(entry -> new Provider(entry.getKey(), entry.getValue(), null))
                .toList());
    }

    public static MehariSettings settings() {
        return settings(Map.of());
    }

    private static MehariSettings settings(Map<String, Object> first) {
        MutablePropertySources sources = new MutablePropertySources();
        sources.addLast(new MapPropertySource("first", first));
        try {
            new YamlPropertySourceLoader()
                    .load("application.yaml", new FileSystemResource("application.yaml"))
                    .forEach(sources::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Binder(ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources))
                .bind("mehari", MehariSettings.class)
                .get();
    }

    /** A client's chat request as it would be asked of that provider. */
    public static Ask ask(Provider provider, String model, String request) {
        return ask(provider, model, request.getBytes(StandardCharsets.UTF_8));
    }

    public static Ask ask(Provider provider, String model, byte[] request) {
        RequestFacts facts = new ChatDialect().read(request, false);
        String alias = facts.model() == null ? model : facts.model();
        return new Ask(provider, model, alias, "chat", facts, "chatcmpl-ours");
    }

    /** A client's Messages request as it would be asked of that provider, by the provider's own name of the model. */
    public static Ask messages(Provider provider, byte[] request) {
        RequestFacts facts = new MessagesDialect().read(request, false);
        String model = String.valueOf(facts.model());
        return new Ask(provider, model, model, "messages", facts, "chatcmpl-ours");
    }
}
