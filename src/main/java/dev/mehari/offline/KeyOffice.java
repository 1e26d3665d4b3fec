package dev.mehari.offline;

import dev.mehari.access.Budget;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.cli.KeyDesk;
import dev.mehari.config.MehariSettings;
import dev.mehari.keys.IssuedKey;
import dev.mehari.keys.KeyFields;
import dev.mehari.keys.KeyFields.BadFields;
import dev.mehari.keys.KeyRules;
import dev.mehari.keys.KeyStore;
import dev.mehari.price.Dollars;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The command line's way to the keys: the settings and the database, and nothing else of the gateway. */
public final class KeyOffice implements KeyDesk {
    private final Database database;
    private final KeyStore store;
    private final Duration grace;

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MehariSettings.class)
    static class SettingsOnly {}

    private KeyOffice(MehariSettings settings) {
        this.database = new Database(
                DatabaseAddress.of(settings.database().url()),
                settings.database().timeout());
        this.store = new KeyStore(database, InstantSource.system());
        this.grace = settings.keys().rotationGrace();
    }

    /**
     * Reads the settings; the database is opened with its first use.
     *
     * @param properties Spring Boot's kind of arguments
     */
    public static KeyDesk open(String... properties) {
        List<String> arguments = new ArrayList<>(List.of(properties));
        // What is printed is the answer.
        arguments.add("--logging.level.root=ERROR");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(SettingsOnly.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(arguments.toArray(String[]::new))) {
            return new KeyOffice(context.getBean(MehariSettings.class));
        }
    }

    @Override
    public Issued create(Map<String, Object> fields) {
        return work(() -> {
            try {
                return issued(store.create(KeyFields.read(Json.MAPPER.valueToTree(fields))));
            } catch (BadFields bad) {
                StringBuilder all = new StringBuilder();
                bad.faults().forEach((field, fault) -> all.append(all.isEmpty() ? "" : "\n")
                        .append(field)
                        .append(' ')
                        .append(fault));
                throw new IllegalArgumentException(all.toString());
            }
        });
    }

    @Override
    public List<Listed> list(@Nullable String team) {
        Instant now = Instant.now();
        return work(() -> store.list(team).stream().map(key -> listed(key, now)).toList());
    }

    private static Listed listed(IssuedKey key, Instant now) {
        KeyRules rules = key.rules();
        Instant expires = rules.expires();
        String state = key.revoked() != null
                ? "revoked"
                : rules.disabled() ? "disabled" : key.isActive(now) ? "active" : "expired";
        return new Listed(
                key.id(),
                rules.name(),
                rules.team(),
                state,
                limits(rules),
                expires == null ? null : expires.toString());
    }

    private static String limits(KeyRules rules) {
        List<String> limits = new ArrayList<>();
        if (rules.rpm() != null) {
            limits.add("rpm " + rules.rpm());
        }
        if (rules.tpm() != null) {
            limits.add("tpm " + rules.tpm());
        }
        if (rules.concurrency() != null) {
            limits.add("concurrency " + rules.concurrency());
        }
        Budget budget = rules.budget();
        if (budget != null) {
            limits.add("$" + Dollars.of(budget.nanos()).toPlainString() + " a "
                    + budget.period().name().toLowerCase(Locale.ROOT));
        }
        return limits.isEmpty() ? "none" : String.join(", ", limits);
    }

    @Override
    public Issued rotate(String id, @Nullable Duration wish) {
        return work(() -> {
            KeyStore.Fresh fresh = store.rotate(id, wish == null ? grace : wish);
            if (fresh == null) {
                throw new IllegalArgumentException("there is no key " + id + ", or it was taken back");
            }
            return issued(fresh);
        });
    }

    @Override
    public void revoke(String id) {
        if (work(() -> store.revoke(id)) == null) {
            throw new IllegalArgumentException("there is no key " + id);
        }
    }

    private static Issued issued(KeyStore.Fresh fresh) {
        return new Issued(fresh.key().id(), fresh.text().token());
    }

    private static <T extends @Nullable Object> T work(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreUnavailable away) {
            throw new IllegalStateException("the database does not answer; is DATABASE_URL right?", away);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
