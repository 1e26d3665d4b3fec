package dev.mehari.configured;

import dev.mehari.access.Budget;
import dev.mehari.config.BudgetSettings;
import dev.mehari.config.KeySettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ModelGroupSettings;
import dev.mehari.config.PriceSettings;
import dev.mehari.config.StartupException;
import dev.mehari.price.Dollars;
import dev.mehari.price.Price;
import dev.mehari.price.PriceBook;
import dev.mehari.price.Prices;
import dev.mehari.price.Rate;
import dev.mehari.price.Rates;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.spend.Terms;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prices and budgets as the settings have them. */
public final class ConfiguredTerms {
    /** Whose prices hold behind which protocol, whatever the provider is called. */
    private static final Map<String, String> BY_PROTOCOL = Map.of(
            "azure",
            "azure",
            "anthropic",
            "anthropic",
            "gemini",
            "google",
            "vertex",
            "google",
            "bedrock",
            "bedrock",
            "demo",
            "demo");

    /** Whose prices hold at which host. */
    private static final Map<String, String> BY_HOST = Map.of(
            "api.openai.com", "openai",
            "api.groq.com", "groq",
            "api.mistral.ai", "mistral",
            "api.deepseek.com", "deepseek",
            "openrouter.ai", "openrouter",
            "api.sambanova.ai", "sambanova");

    private final MehariSettings settings;
    private final Providers providers;
    private final PriceBook shipped;

    /** @param shipped the prices that hold where the settings give none */
    public ConfiguredTerms(MehariSettings settings, Providers providers, PriceBook shipped) {
        this.settings = settings;
        this.providers = providers;
        this.shipped = shipped;
    }

    /** @throws StartupException saying which of them makes no sense */
    public Terms read() {
        BudgetSettings budgets = settings.budgets();
        if (!(budgets.warnAt() >= 0 && budgets.warnAt() <= 1)) {
            throw new StartupException(
                    "mehari.budgets.warn-at is " + budgets.warnAt(), "Give it a part from 0 to 1, as 0.8.");
        }
        return new Terms(
                prices(),
                teams(settings.keys()),
                budgets.unpriced() == BudgetSettings.Unpriced.REFUSE,
                settings.keys().completionTokens(),
                settings.keys().reservation(),
                budgets.warnAt(),
                budgets.webhook());
    }

    private Prices prices() {
        Map<String, PriceBook.Sheet> sheets = new HashMap<>(shipped.sheets());
        Map<String, String> names = new HashMap<>();
        for (Provider provider : providers.all()) {
            String sheet = sheet(provider);
            if (sheet != null) {
                names.put(provider.name(), sheet);
            }
        }
        ownPrices().forEach((provider, entries) -> {
            String sheet = names.get(provider);
            List<String> others = new ArrayList<>();
            if (sheet != null) {
                others.add(sheet);
                PriceBook.Sheet known = shipped.sheets().get(sheet);
                others.addAll(known == null ? List.of() : known.others());
            }
            sheets.put("provider " + provider, PriceBook.Sheet.of(entries, others));
            names.put(provider, "provider " + provider);
        });
        PriceBook book = new PriceBook(shipped.date(), shipped.source(), sheets);
        return new Prices(book, ofDeployments(book, names), names);
    }

    private @Nullable String sheet(Provider provider) {
        if (shipped.has(provider.name())) {
            return provider.name();
        }
        URI address = settings.providers().get(provider.name()) == null
                ? null
                : settings.providers().get(provider.name()).baseUrl();
        String host = address == null ? null : address.getHost();
        String byHost = host == null ? null : BY_HOST.get(host);
        // Without a protocol the start is refused, but not here.
        boolean hasProtocol = !MehariSettings.isBlank(provider.protocol());
        return byHost == null && hasProtocol ? BY_PROTOCOL.get(provider.protocol()) : byHost;
    }

    private Map<String, List<PriceBook.Entry>> ownPrices() {
        Map<String, List<PriceBook.Entry>> own = new LinkedHashMap<>();
        for (int i = 0; i < settings.prices().size(); i++) {
            PriceSettings entry = settings.prices().get(i);
            String place = "mehari.prices[" + i + "]";
            if (entry.provider() == null || providers.find(entry.provider()) == null) {
                throw wrong(place + ".provider names no configured provider", "Name one under mehari.providers.");
            }
            if (entry.models().isEmpty() || entry.price() == null) {
                throw wrong(place + " lacks models or price", "Say for which models, and what they cost.");
            }
            own.computeIfAbsent(entry.provider(), provider -> new ArrayList<>())
                    .add(new PriceBook.Entry(
                            entry.models(),
                            price(place + ".price", entry.price(), shipped, sheetOf(entry.provider()))));
        }
        return own;
    }

    private @Nullable String sheetOf(String provider) {
        Provider known = providers.find(provider);
        return known == null ? null : sheet(known);
    }

    private Map<String, Price> ofDeployments(PriceBook book, Map<String, String> sheets) {
        Map<String, Price> prices = new HashMap<>();
        for (ModelGroupSettings group : settings.models()) {
            for (ModelGroupSettings.Deployment deployment : group.deployments()) {
                if (deployment.price() != null && !MehariSettings.isBlank(deployment.provider())) {
                    String name = ConfiguredGroups.name(group, deployment);
                    prices.put(
                            name,
                            price(
                                    "the price of deployment \"" + name + "\"",
                                    deployment.price(),
                                    book,
                                    sheets.get(deployment.provider())));
                }
            }
        }
        return prices;
    }

    private static Price price(String place, PriceSettings.Rates rates, PriceBook book, @Nullable String sheet) {
        String as = rates.as();
        if (as != null) {
            Price other = sheet == null ? null : book.find(sheet, as);
            if (other == null) {
                throw wrong(
                        place + " is to be that of \"" + as + "\", which is not on the provider's list",
                        "Name a model of src/main/resources/prices.yaml, or give the price itself.");
            }
            return other;
        }
        if (rates.input() == null && rates.output() == null) {
            throw wrong(place + " has neither input nor output", "Give them in US dollars for a million tokens.");
        }
        return new Price(
                rates(place, dollars(rates)),
                rates.tiers().stream()
                        .map(tier -> new Price.Tier(tier.above(), rates(place, dollars(tier, rates.webSearch()))))
                        .toList());
    }

    private static Rates rates(String place, Map<Rate, @Nullable BigDecimal> given) {
        Map<Rate, BigDecimal> dollars = new EnumMap<>(Rate.class);
        given.forEach((rate, amount) -> {
            if (amount != null && amount.signum() < 0) {
                throw wrong(place + " is negative", "Give " + rate.wire() + " in US dollars, 0 or more.");
            }
            if (amount != null) {
                dollars.put(rate, amount);
            }
        });
        return Rates.of(dollars);
    }

    private static Map<Rate, @Nullable BigDecimal> dollars(PriceSettings.Rates from) {
        Map<Rate, @Nullable BigDecimal> dollars = new EnumMap<>(Rate.class);
        dollars.put(Rate.INPUT, from.input());
        dollars.put(Rate.OUTPUT, from.output());
        dollars.put(Rate.CACHED, from.cached());
        dollars.put(Rate.CACHE_WRITE, from.cacheWrite());
        dollars.put(Rate.LONG_CACHE_WRITE, from.cacheWrite1h());
        dollars.put(Rate.REASONING, from.reasoning());
        dollars.put(Rate.AUDIO_INPUT, from.audioInput());
        dollars.put(Rate.AUDIO_OUTPUT, from.audioOutput());
        dollars.put(Rate.IMAGE_INPUT, from.imageInput());
        dollars.put(Rate.IMAGE_OUTPUT, from.imageOutput());
        dollars.put(Rate.VIDEO_INPUT, from.videoInput());
        dollars.put(Rate.VIDEO_OUTPUT, from.videoOutput());
        dollars.put(Rate.WEB_SEARCH, from.webSearch());
        return dollars;
    }

    /** @param webSearch costs the same after long prompts */
    private static Map<Rate, @Nullable BigDecimal> dollars(PriceSettings.Tier from, @Nullable BigDecimal webSearch) {
        return dollars(new PriceSettings.Rates(
                null,
                from.input(),
                from.output(),
                from.cached(),
                from.cacheWrite(),
                from.cacheWrite1h(),
                from.reasoning(),
                from.audioInput(),
                from.audioOutput(),
                from.imageInput(),
                from.imageOutput(),
                from.videoInput(),
                from.videoOutput(),
                webSearch,
                List.of()));
    }

    private static Map<String, Budget> teams(KeySettings keys) {
        Map<String, Budget> teams = new HashMap<>();
        for (int i = 0; i < keys.teams().size(); i++) {
            KeySettings.Team team = keys.teams().get(i);
            String place = "mehari.keys.teams[" + i + "]";
            if (team.name() == null || team.budget() == null) {
                throw wrong(place + " lacks a name or a budget", "Give both.");
            }
            teams.put(team.name(), budget(place, team.budget(), team.budgetPeriod()));
        }
        return teams;
    }

    static Budget budget(String place, BigDecimal dollars, KeySettings.Period period) {
        if (dollars.signum() < 0 || dollars.compareTo(BigDecimal.valueOf(9_000_000)) > 0) {
            throw wrong(place + ".budget is " + dollars, "Give it in US dollars, up to 9,000,000.");
        }
        return new Budget(
                Dollars.nanos(dollars),
                switch (period) {
                    case DAY -> Budget.Period.DAY;
                    case WEEK -> Budget.Period.WEEK;
                    case MONTH -> Budget.Period.MONTH;
                    case TOTAL -> Budget.Period.TOTAL;
                });
    }

    private static StartupException wrong(String what, String remedy) {
        return new StartupException(what, remedy);
    }
}
