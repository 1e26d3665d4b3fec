package dev.mehari.migrate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes model groups of LiteLLM's deployments: weights, priorities, names, fallbacks and aliases. For one thread. */
final class LiteLlmGroups {
    private final Draft draft;
    private final Accounts accounts;
    private final @Nullable Long defaultConcurrent;

    /** Each as it will be written, by its group. */
    private final Map<String, List<Map<String, Object>>> groups = new LinkedHashMap<>();

    /** The same without fallbacks, which are not handed on. */
    private final Map<String, List<Map<String, Object>>> own = new LinkedHashMap<>();

    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final Map<String, Object> signatures = new HashMap<>();
    private int steps = 1;

    /** @param defaultConcurrent calls at once for deployments that name no number; null: any */
    LiteLlmGroups(Draft draft, Accounts accounts, @Nullable Long defaultConcurrent) {
        this.draft = draft;
        this.accounts = accounts;
        this.defaultConcurrent = defaultConcurrent;
    }

    void add(List<LiteLlmDeployment> deployments) {
        Map<String, List<LiteLlmDeployment>> byGroup = new LinkedHashMap<>();
        deployments.forEach(each -> byGroup.computeIfAbsent(each.group(), group -> new ArrayList<>())
                .add(each));
        byGroup.forEach((group, members) -> {
            List<LiteLlmDeployment> serving = serving(members);
            List<BigInteger> weights = weights(serving);
            long last = serving.stream()
                            .map(LiteLlmDeployment::order)
                            .filter(Objects::nonNull)
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(0)
                    + 1;
            List<Map<String, Object>> written = new ArrayList<>();
            for (int i = 0; i < serving.size(); i++) {
                LiteLlmDeployment each = serving.get(i);
                written.add(deployment(each, weights.get(i), each.order() == null ? last : each.order(), written));
            }
            groups.put(group, written);
        });
        groups.forEach((group, members) -> own.put(group, List.copyOf(members)));
    }

    /** Without those of weight 0, which LiteLLM never chooses. */
    private List<LiteLlmDeployment> serving(List<LiteLlmDeployment> members) {
        List<LiteLlmDeployment> serving = new ArrayList<>();
        for (LiteLlmDeployment member : members) {
            BigDecimal weight = member.weight();
            if (weight != null && weight.signum() <= 0 && members.size() > 1) {
                draft.lost(member.entry(), "has no weight, and so is never asked; it is left out");
            } else {
                serving.add(member);
            }
        }
        return serving.isEmpty() ? members : serving;
    }

    /** As LiteLLM's simple-shuffle has them: by weight, else by rpm, else by tpm, as far as the first has it. */
    private static List<BigInteger> weights(List<LiteLlmDeployment> members) {
        LiteLlmDeployment first = members.getFirst();
        List<@Nullable BigDecimal> shares = new ArrayList<>();
        for (LiteLlmDeployment member : members) {
            if (first.weight() != null) {
                shares.add(member.weight());
            } else {
                String by = first.limits().containsKey("rpm") ? "rpm" : "tpm";
                shares.add(member.limits().get(by) instanceof Long limit ? BigDecimal.valueOf(limit) : null);
            }
        }
        int digits = shares.stream()
                .filter(Objects::nonNull)
                .mapToInt(share -> Math.max(0, share.stripTrailingZeros().scale()))
                .max()
                .orElse(0);
        BigInteger divisor = BigInteger.ZERO;
        for (BigDecimal share : shares) {
            divisor = divisor.gcd(whole(share, digits));
        }
        BigInteger by = divisor.max(BigInteger.ONE);
        return shares.stream()
                .map(share -> whole(share, digits).divide(by).max(BigInteger.ONE))
                .toList();
    }

    /** 0: it has no share of its own. */
    private static BigInteger whole(@Nullable BigDecimal share, int digits) {
        return share == null || share.signum() <= 0
                ? BigInteger.ZERO
                : share.movePointRight(digits).toBigInteger();
    }

    private Map<String, Object> deployment(
            LiteLlmDeployment each, BigInteger weight, long priority, List<Map<String, Object>> before) {
        Map<String, Object> written = new LinkedHashMap<>();
        String provider = accounts.nameOf(each.account());
        String name = name(each, provider, before);
        if (name != null) {
            written.put("name", name);
        }
        written.put("provider", provider);
        if (!each.model().equals(each.group())) {
            written.put("model", each.model());
        }
        if (weight.compareTo(BigInteger.ONE) > 0) {
            written.put("weight", weight.min(BigInteger.valueOf(1_000_000)).intValueExact());
        }
        if (priority > 1) {
            written.put("priority", priority);
        }
        written.putAll(each.limits());
        if (defaultConcurrent != null) {
            written.putIfAbsent("max-concurrent", defaultConcurrent);
        }
        written.putAll(each.others());
        return written;
    }

    /** Null: provider and model name it. The same name with other limits would be refused at the start. */
    private @Nullable String name(LiteLlmDeployment each, String provider, List<Map<String, Object>> before) {
        String plain = provider + "/" + each.model();
        String wanted = each.id() == null ? plain : each.id();
        String name = wanted;
        for (int i = 2; isTaken(name, each, before); i++) {
            name = wanted + "-" + i;
        }
        signatures.put(name, each.signature());
        return name.equals(plain) ? null : name;
    }

    private boolean isTaken(String name, LiteLlmDeployment each, List<Map<String, Object>> before) {
        boolean here =
                before.stream().anyMatch(other -> nameOf(other, each.group()).equals(name));
        return here || !signatures.getOrDefault(name, each.signature()).equals(each.signature());
    }

    private static String nameOf(Map<String, Object> deployment, String group) {
        Object name = deployment.get("name");
        return name == null
                ? deployment.get("provider") + "/" + deployment.getOrDefault("model", group)
                : name.toString();
    }

    /** {@code model_group_alias}: a name, or {@code {model, hidden}}. */
    void alias(Setting alias, String name) {
        String group = alias.isText() ? alias.text() : alias.text("model");
        if (group == null || groups.containsKey(name) || !groups.containsKey(end(group))) {
            draft.lost(alias, "names no model group, or there is a group of that name");
        } else if (Boolean.TRUE.equals(alias.flag("hidden"))) {
            aliases.put(name, group);
            draft.differs(alias, "is listed at /v1/models all the same");
        } else {
            aliases.put(name, group);
        }
    }

    private String end(String name) {
        return aliases.getOrDefault(name, name);
    }

    /** {@code [{group: [others]}]}: the others' deployments serve when all of the group have failed. */
    void fallbacks(Setting list) {
        for (Setting item : list.items()) {
            item.entries().forEach((name, others) -> {
                if (name.equals("*")) {
                    defaults(others);
                } else if (groups.containsKey(end(name))) {
                    append(end(name), others);
                } else {
                    draft.lost(others, "\"" + name + "\" is no model group");
                }
            });
        }
    }

    /** For all groups. */
    void defaults(Setting others) {
        List.copyOf(groups.keySet()).forEach(group -> append(group, others));
    }

    /** Those of prompts that are too long: they are passed over by what is known of each deployment's length. */
    void forLongPrompts(Setting list) {
        for (Setting item : list.items()) {
            item.entries().forEach((name, others) -> {
                List<Map<String, Object>> members = own.getOrDefault(end(name), List.of());
                boolean known =
                        !members.isEmpty() && members.stream().allMatch(each -> each.containsKey("context-length"));
                if (known) {
                    append(end(name), others);
                    draft.differs(others, "they serve after other failures too");
                } else {
                    draft.lost(
                            others,
                            "give the deployments of \"" + name + "\" a context-length and add these behind them:"
                                    + " longer prompts pass by what is too short");
                }
            });
        }
    }

    private void append(String group, Setting others) {
        List<Map<String, Object>> members = groups.getOrDefault(group, List.of());
        for (Setting other : others.items()) {
            String name = other.isText() ? other.text() : null;
            List<Map<String, Object>> theirs = own.get(end(String.valueOf(name)));
            if (name == null || theirs == null) {
                draft.lost(other, "is no model group");
            } else if (!end(name).equals(group)) {
                long base = members.stream()
                        .mapToLong(LiteLlmGroups::priority)
                        .max()
                        .orElse(0);
                theirs.forEach(each -> join(group, members, end(name), each, base));
            }
        }
        steps = (int) Math.max(
                steps, members.stream().map(LiteLlmGroups::priority).distinct().count());
    }

    private static void join(
            String group, List<Map<String, Object>> members, String from, Map<String, Object> each, long base) {
        boolean there =
                members.stream().anyMatch(member -> nameOf(member, group).equals(nameOf(each, from)));
        if (!there) {
            Map<String, Object> copy = new LinkedHashMap<>();
            each.forEach((key, value) -> {
                copy.put(key, value);
                if (key.equals("provider") && !each.containsKey("model")) {
                    copy.put("model", from);
                }
            });
            copy.put("priority", base + priority(each));
            members.add(copy);
        }
    }

    private static long priority(Map<String, Object> deployment) {
        return deployment.get("priority") instanceof Long priority ? priority : 1;
    }

    /** How many priorities the longest group has. */
    int steps() {
        return steps;
    }

    int size() {
        return groups.size();
    }

    void write() {
        List<Map<String, Object>> models = new ArrayList<>();
        groups.forEach((name, deployments) -> {
            Map<String, Object> group = new LinkedHashMap<>();
            group.put("name", name);
            group.put("deployments", deployments);
            models.add(group);
        });
        aliases.forEach((name, group) -> {
            Map<String, Object> alias = new LinkedHashMap<>();
            alias.put("name", name);
            alias.put("alias", group);
            models.add(alias);
        });
        draft.set("mehari.models", models.isEmpty() ? null : models);
    }
}
