package dev.mehari.migrate;

import java.util.List;
import java.util.Map;

/**
 * What became of another gateway's settings. Immutable.
 *
 * @param settings an application.yaml
 * @param routes providers that want a route file of their own, and a shipped provider whose file is to be copied for it
 * @param secrets variables that the settings name, with the values that stood in the file itself
 * @param lost a line for each setting that was not carried over, with its place and the reason
 * @param differs a line for each that was carried over and means something slightly different here
 * @param variables that the settings name and that must be set
 * @param summary how much was carried over, in a line
 */
public record Imported(
        String settings,
        Map<String, String> routes,
        Map<String, String> secrets,
        List<String> lost,
        List<String> differs,
        List<String> variables,
        String summary) {

    public Imported {
        routes = Map.copyOf(routes);
        secrets = Map.copyOf(secrets);
        lost = List.copyOf(lost);
        differs = List.copyOf(differs);
        variables = List.copyOf(variables);
    }
}
