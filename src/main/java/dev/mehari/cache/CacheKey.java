package dev.mehari.cache;

/**
 * Under what an answer is kept. Immutable.
 *
 * @param model the resolved one: a model group's name, else provider and model ({@code openai/gpt-4o})
 * @param hash of tenant, model and request: 64 lower-case hexadecimal digits
 */
public record CacheKey(String model, String hash) {
    /** Whether it belongs to that model: by its whole name, or by that without the provider. */
    public boolean isOf(String name) {
        return model.equals(name) || (model.endsWith(name) && model.charAt(model.length() - name.length() - 1) == '/');
    }
}
