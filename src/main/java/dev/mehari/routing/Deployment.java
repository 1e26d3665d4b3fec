package dev.mehari.routing;

/**
 * One upstream model at one provider.
 *
 * @param name unique; groups that name the same deployment share its health, its limits and its numbers
 * @param provider by name
 * @param model as the provider names it
 * @param weight its share of the traffic among those of the same priority, at least 1
 * @param priority 1 is tried first
 * @param limits how much it may be asked
 * @param abilities what it can serve, as far as that was declared
 */
public record Deployment(
        String name,
        String provider,
        String model,
        int weight,
        int priority,
        DeploymentLedger.Limits limits,
        Abilities abilities) {

    /** A deployment that nobody configured as one: a model at a provider. */
    public static Deployment only(String provider, String model) {
        return of(provider, model, 1, 1);
    }

    /** Without limits, and able to serve whatever comes. */
    public static Deployment of(String provider, String model, int weight, int priority) {
        return new Deployment(
                name(provider, model),
                provider,
                model,
                weight,
                priority,
                DeploymentLedger.Limits.NONE,
                Abilities.UNKNOWN);
    }

    /** The name of a deployment that was given none. */
    public static String name(String provider, String model) {
        return provider + '/' + model;
    }
}
