package dev.mehari.edge;

import dev.mehari.config.LiveSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Handler;
import org.springframework.stereotype.Component;

/** What {@code GET /v1/providers} tells: who is configured, who can be used, and who serves what no rule names. */
@Component("providerList")
public final class ProviderList {
    private final Providers providers;
    private final LiveSettings settings;

    ProviderList(Providers providers, LiveSettings settings) {
        this.providers = providers;
        this.settings = settings;
    }

    @Handler
    public Map<String, Object> list() {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Provider provider : providers.all()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", provider.name());
            entry.put("available", provider.isAvailable());
            entry.put("default_model", provider.defaultModel());
            entry.put("protocol", provider.protocol());
            entries.add(entry);
        }
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("providers", entries);
        list.put("default", settings.get().defaultProvider());
        return list;
    }
}
