package dev.mehari.migrate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model as LiteLLM writes it: {@code vendor/model}, with parts of its own for some vendors. Immutable.
 *
 * @param vendor null: {@link #problem} says why
 * @param model the upstream's name; {@code *}: any
 * @param region of AWS, where it stands in the name
 * @param agent id and alias of a Bedrock agent
 */
record LiteLlmName(
        @Nullable Vendor vendor, String model, @Nullable String region, String @Nullable [] agent, String problem) {
    private static final Pattern REGION = Pattern.compile("((?:[a-z]{2}|us-gov)-[a-z]+-\\d)/(.+)");
    private static final Pattern AGENT = Pattern.compile("agent/([^/]+)/([^/]+)");
    private static final Vendor BEDROCK_AGENT = new Vendor("bedrock-agent", "bedrock-agent", null, null, true);

    /** @param prefix that the file gives besides, which wins; null: none */
    static LiteLlmName of(String name, @Nullable String prefix) {
        int slash = name.indexOf('/');
        String written = slash < 0 ? "" : name.substring(0, slash);
        String vendor = prefix != null ? prefix : Vendor.of(written) != null ? written : Vendor.prefixOf(name);
        String model = written.equals(vendor) ? name.substring(slash + 1) : name;
        if (vendor == null) {
            return unknown(
                    slash < 0
                            ? "nothing tells who serves \"" + name + "\"; write vendor/model"
                            : "\"" + written + "\" is a vendor whose API is not spoken here");
        }
        Vendor known = Vendor.of(vendor);
        if (known == null) {
            return unknown("\"" + vendor + "\" is a vendor whose API is not spoken here");
        }
        if (known.protocol().equals("bedrock")) {
            return bedrock(known, model);
        }
        if (known.protocol().equals("vertex")
                && !model.equals("*")
                && !model.matches("(gemini|text-embedding|gemma).*")) {
            return unknown("of Vertex AI only Google's own models are served here");
        }
        // Azure's prefixes for answers of another kind; the deployment is what follows.
        String bare =
                known.protocol().equals("azure") ? model.replaceFirst("^(o_series|gpt5_series|responses)/", "") : model;
        return new LiteLlmName(known, bare.replaceFirst("^responses/", ""), null, null, "names no model");
    }

    private static LiteLlmName bedrock(Vendor vendor, String model) {
        Matcher agent = AGENT.matcher(model);
        if (agent.matches()) {
            return new LiteLlmName(
                    BEDROCK_AGENT,
                    "bedrock-agent/" + agent.group(1) + "/" + agent.group(2),
                    null,
                    new String[] {agent.group(1), agent.group(2)},
                    "");
        }
        String bare = model.replaceFirst("^(converse|invoke|converse_like)/", "");
        Matcher region = REGION.matcher(bare);
        return region.matches()
                ? new LiteLlmName(vendor, region.group(2), region.group(1), null, "names no model")
                : new LiteLlmName(vendor, bare, null, null, "names no model");
    }

    private static LiteLlmName unknown(String problem) {
        return new LiteLlmName(null, "", null, null, problem + "; the model is left out");
    }
}
