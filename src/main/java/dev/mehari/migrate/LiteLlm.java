package dev.mehari.migrate;

import dev.mehari.price.PriceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/*
 * Each reader below takes over the settings that it knows, by asking for them. What nobody has asked for in the end is
 * told with its line: a setting that LiteLLM adds one day is not carried over, but never lost without a word.
 *
 * Source: docs.litellm.ai/docs/proxy/config_settings and /docs/routing, read 2026-11-21; the weights of simple-shuffle as
 * litellm/router_strategy/simple_shuffle.py reckons them.
 */
/** Reads LiteLLM's config.yaml. Thread-safe. */
public final class LiteLlm {
    private static final Setting NOTHING = Setting.read("nothing: ");

    private LiteLlm() {}

    /**
     * Makes our settings of it.
     *
     * @param config the file's text
     * @throws IllegalArgumentException it is no YAML, or holds nothing of LiteLLM's; the message says what is wrong
     */
    public static Imported read(String config) {
        Setting file = Setting.read(config);
        if (file.get("model_list") == null
                && file.get("litellm_settings") == null
                && file.get("general_settings") == null
                && file.get("router_settings") == null) {
            throw new IllegalArgumentException(
                    "it holds none of model_list, litellm_settings, router_settings and general_settings");
        }
        return read(file);
    }

    private static Imported read(Setting file) {
        Draft draft = new Draft();
        draft.reserve(Vendor.variables());
        file.eachText(text -> {
            String variable = Draft.variable(text);
            draft.reserve(variable == null ? List.of() : List.of(variable));
        });
        Setting router = part(file, "router_settings");
        Setting library = part(file, "litellm_settings");
        // LiteLLM's own port, where clients look for it.
        draft.set("server.port", "${PORT:4000}");
        LiteLlmServer server = new LiteLlmServer(draft, router, library, part(file, "general_settings"));
        server.read();
        LiteLlmServer.variables(draft, file.get("environment_variables"));

        Accounts accounts = new Accounts(shippedProviders());
        LiteLlmModels models = new LiteLlmModels(draft, accounts, PriceFile.shipped());
        models.read(file);
        accounts.name();
        Account catchAll = models.catchAll();
        draft.set("mehari.default-provider", catchAll == null ? null : accounts.nameOf(catchAll));

        LiteLlmGroups groups = new LiteLlmGroups(draft, accounts, server.concurrent());
        groups.add(models.deployments());
        LiteLlmRouting routing = new LiteLlmRouting(draft, router, library);
        routing.groups(groups);
        routing.rules(groups);
        accounts.write(draft);
        routing.timeouts(accounts);
        groups.write();
        file.eachLeft(left -> draft.lost(left, LiteLlmReasons.of(left)));
        return new Imported(
                yaml(draft.settings()),
                accounts.routes(),
                draft.secrets(),
                draft.lost(),
                draft.differs(),
                List.copyOf(unset(draft)),
                models.deployments().size() + " deployments in " + groups.size() + " model groups, " + accounts.size()
                        + " providers");
    }

    private static Setting part(Setting file, String name) {
        Setting part = file.get(name);
        return part == null ? NOTHING : part;
    }

    private static TreeSet<String> unset(Draft draft) {
        TreeSet<String> names = new TreeSet<>(draft.variables());
        names.removeAll(draft.secrets().keySet());
        return names;
    }

    private static String yaml(Map<String, Object> settings) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        return new Yaml(options).dump(copy(settings));
    }

    /** Without the same value twice, which YAML would write as an anchor and an alias. */
    private static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((name, each) -> copy.put(name, copy(each)));
                yield copy;
            }
            case List<?> list -> list.stream().map(LiteLlm::copy).toList();
            // As a decimal it would be written with a tag: !!float '10'.
            case BigDecimal number when number.scale() <= 0 -> number.toBigInteger();
            default -> value;
        };
    }

    private static Map<?, ?> shippedProviders() {
        try (InputStream in = LiteLlm.class.getResourceAsStream("/application.yaml")) {
            Map<String, Object> shipped = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return below(below(shipped, "mehari"), "providers");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<?, ?> below(@Nullable Object map, String name) {
        if (map instanceof Map<?, ?> known && known.get(name) instanceof Map<?, ?> value) {
            return value;
        }
        throw new IllegalStateException("the shipped application.yaml holds no " + name);
    }
}
