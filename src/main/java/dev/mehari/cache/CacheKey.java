package dev.mehari.cache;

import dev.mehari.chat.Sha256;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Under what an answer is kept. Immutable.
 *
 * @param model the resolved one: a model group's name, else provider and model ({@code openai/gpt-4o})
 * @param hash of tenant, model and request: 64 lower-case hexadecimal digits
 */
public record CacheKey(String model, String hash) {
    /** Of all of them together, in that order; of one, itself. */
    public static CacheKey of(List<CacheKey> keys) {
        CacheKey first = keys.getFirst();
        return keys.size() == 1
                ? first
                : new CacheKey(
                        first.model(),
                        Sha256.hex(keys.stream().map(CacheKey::hash).collect(Collectors.joining())));
    }

    /** Whether it belongs to that model: by its whole name, or by that without the provider. */
    public boolean isOf(String name) {
        return model.equals(name) || (model.endsWith(name) && model.charAt(model.length() - name.length() - 1) == '/');
    }
}
