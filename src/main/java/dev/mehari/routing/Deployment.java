package dev.mehari.routing;

/**
 * One upstream model at one provider.
 *
 * @param provider by name
 * @param model as the provider names it
 * @param weight its share of the traffic among those of the same priority, at least 1
 * @param priority 1 is tried first
 */
public record Deployment(String provider, String model, int weight, int priority) {
    /** The only deployment of a plan. */
    public static Deployment only(String provider, String model) {
        return new Deployment(provider, model, 1, 1);
    }
}
