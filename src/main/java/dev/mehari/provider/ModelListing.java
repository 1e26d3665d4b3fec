package dev.mehari.provider;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is asked, by GET, which models it has.
 *
 * @param path below the target's base, with a leading slash
 * @param query without its question mark; null: none
 * @param headers names in lower case, with the provider's credentials
 */
public record ModelListing(String path, @Nullable String query, List<Map.Entry<String, String>> headers) {}
