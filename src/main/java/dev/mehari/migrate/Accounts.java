package dev.mehari.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Gives each account the name of a provider: the shipped one's where it fits, else one of its own. For one thread. */
final class Accounts {
    /** Settings of a provider that accounts change in part. */
    private static final Set<String> NESTED = Set.of("google", "aws", "entra", "timeouts");

    /** What says which models are the shipped provider's. */
    private static final List<String> OF_THE_SHIPPED_ONE =
            List.of("models", "own-models", "default-model", "stand-in", "deployments");

    private final Map<?, ?> shipped;
    private final List<Account> all = new ArrayList<>();
    private final Map<Account, String> names = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    /** @param shipped {@code mehari.providers} as the jar has them */
    Accounts(Map<?, ?> shipped) {
        this.shipped = shipped;
    }

    /** Remembers an account; the same once. */
    Account add(Account account) {
        if (!all.contains(account)) {
            all.add(account);
        }
        return account;
    }

    /** Names them all. A plain account has the shipped name; without one the first that fits has it. */
    void name() {
        Map<String, Account> owners = new HashMap<>();
        all.stream()
                .filter(Account::isPlain)
                .forEach(account -> owners.put(account.vendor().provider(), account));
        all.stream()
                .filter(Account::fitsShipped)
                .forEach(account -> owners.putIfAbsent(account.vendor().provider(), account));
        owners.forEach((name, account) -> names.put(account, name));
        all.forEach(account -> used.add(account.vendor().provider()));
        for (Account account : all) {
            if (!names.containsKey(account)) {
                names.put(account, free(account));
            }
        }
    }

    private String free(Account account) {
        String vendor = account.vendor().provider();
        String label = account.label()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("(^|-)" + vendor + "(-|$)", "-")
                .replaceAll("^-+|-+$", "");
        boolean first = !account.vendor().shipped() && names.values().stream().noneMatch(vendor::equals);
        if (first) {
            return vendor;
        }
        String base = label.isEmpty() ? vendor : vendor + "-" + label;
        String name = base;
        for (int i = 2; !used.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    String nameOf(Account account) {
        return String.valueOf(names.get(account));
    }

    /** Of {@code mehari.providers}, those that need settings. */
    void write(Draft draft) {
        for (Account account : all) {
            String at = "mehari.providers." + nameOf(account) + ".";
            Map<String, Object> settings = new LinkedHashMap<>();
            if (!isShipped(account)) {
                settings.putAll(base(account));
            }
            // In one order, whatever the order in the file was.
            settings.putAll(new TreeMap<>(account.settings()));
            if (isShipped(account)) {
                keepRegion(settings);
            }
            settings.forEach((name, value) -> draft.set(at + name, value));
        }
    }

    /** As a variable's default: {@code AWS_REGION}, where it is set, would win over a region that stands there alone. */
    private static void keepRegion(Map<String, Object> settings) {
        if (settings.get("aws.region") instanceof String region && !region.startsWith("${")) {
            settings.replaceAll((name, value) ->
                    value instanceof String text ? text.replace(region, "${BEDROCK_REGION:" + region + "}") : value);
        }
    }

    /** What another provider of that vendor begins with: all that ships of it, its quirks among it. */
    private Map<String, Object> base(Account account) {
        Vendor vendor = account.vendor();
        if (account.fitsShipped() && shipped.get(vendor.provider()) instanceof Map<?, ?> known) {
            Map<String, Object> copy = new LinkedHashMap<>();
            flatten("", known, copy);
            OF_THE_SHIPPED_ONE.forEach(copy::remove);
            if (account.settings().containsKey("entra.tenant-id")) {
                copy.remove("api-key");
            }
            return copy;
        }
        Map<String, Object> settings = new LinkedHashMap<>(Map.of("protocol", vendor.protocol()));
        if (vendor.baseUrl() != null && !account.settings().containsKey("base-url")) {
            settings.put("base-url", vendor.baseUrl());
            settings.put("public-url", vendor.baseUrl());
        }
        if (vendor.protocol().equals("azure")) {
            settings.put("auth", "api-key");
        }
        return settings;
    }

    /** Nested settings by names with dots, as an account has them. */
    private static void flatten(String at, Map<?, ?> from, Map<String, Object> into) {
        from.forEach((key, value) -> {
            String name = at + key;
            boolean nested = NESTED.contains(at.isEmpty() ? name : "");
            if (nested && value instanceof Map<?, ?> below && !below.isEmpty()) {
                flatten(name + ".", below, into);
            } else {
                into.put(name, value);
            }
        });
    }

    /** Those that want a route file of their own, and whose file is to be copied. */
    Map<String, String> routes() {
        Map<String, String> routes = new LinkedHashMap<>();
        for (Account account : all) {
            if (!isShipped(account)) {
                routes.put(nameOf(account), account.vendor().neighbour());
            }
        }
        return routes;
    }

    private boolean isShipped(Account account) {
        return account.vendor().shipped()
                && nameOf(account).equals(account.vendor().provider());
    }

    int size() {
        return all.size();
    }

    /** The providers that are used, for what holds for all of them. */
    List<String> names() {
        return all.stream().map(this::nameOf).distinct().toList();
    }
}
