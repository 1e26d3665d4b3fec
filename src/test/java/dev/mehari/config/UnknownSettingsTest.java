package dev.mehari.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

/** Settings that have no effect are told, wherever they are misspelt; those that have one are not. */
class UnknownSettingsTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    private List<String> warnings(String... files) {
        for (String file : files) {
            load(new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)));
        }
        ConfigurationPropertySources.attach(environment);
        return UnknownSettings.warnings(environment);
    }

    private void load(org.springframework.core.io.Resource yaml) {
        try {
            new YamlPropertySourceLoader()
                    .load("file " + environment.getPropertySources().size(), yaml)
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mehari: {limitz: {a: 1}} | mehari.limitz.a",
                "mehari: {providers: {openai: {base-ulr: x}}} | mehari.providers.openai.base-ulr",
                "mehari: {models: [{name: a, strat: x}]} | mehari.models[0].strat",
                "mehari: {models: [{name: a, deployments: [{provider: demo, wieght: 2}]}]}"
                        + " | mehari.models[0].deployments[0].wieght",
                "mehari: {models: [{name: a}, {name: b, deployments: [{provider: demo}, {provider: x, providr: y}]}]}"
                        + " | mehari.models[1].deployments[1].providr",
                "mehari: {models: [{name: a, deployments: [{provider: demo, timeouts: {ilde: 2s}}]}]}"
                        + " | mehari.models[0].deployments[0].timeouts.ilde",
                "mehari: {prices: [{provider: demo, price: {inptu: 0}}]} | mehari.prices[0].price.inptu",
                "mehari: {models: {a: {strategy: sticky}}} | mehari.models.a.strategy",
                "mehari: {provder: {openai: {api-key: '${NOBODY_SETS_THIS}'}}} | mehari.provder.openai.api-key"
            })
    void whatNothingReadsIsTold(String yaml, String setting) {
        assertThat(warnings(yaml))
                .singleElement()
                .asString()
                .startsWith("the setting " + setting + " (")
                .endsWith(" is not known and has no effect");
    }

    @Test
    void ofAListOnlyTheFileThatWinsCounts() {
        assertThat(warnings(
                        "mehari: {models: [], keys: {teams: []}, access: {api-keys: 'a,b'}}",
                        "mehari: {models: [{name: a, alias: b}], access: {api-keys: [c]}}"))
                .isEmpty();
    }

    @Test
    void theShippedSettingsAreAllKnown() {
        load(new ClassPathResource("application.yaml"));
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme: {protocol: openai, api-key: '${NOBODY_SETS_THIS}'}",
                "acme: {headers: {X-Y: '${NOBODY_SETS_THIS}'}}"
            })
    void aVariableThatIsNotSetIsTold(String provider) {
        assertThat(warnings("mehari: {providers: {" + provider + "}}"))
                .singleElement()
                .asString()
                .startsWith("the setting mehari.providers.acme.")
                .endsWith(
                        " names the variable NOBODY_SETS_THIS, which is not set; ${NOBODY_SETS_THIS:} says that it may"
                                + " be missing");
    }

    @Test
    void aVariableThatIsSetElsewhereOrMayBeMissingIsNot() {
        environment.getPropertySources().addFirst(new MapPropertySource("set", Map.of("SOMEBODY_SETS_THIS", "k")));
        assertThat(
                        warnings(
                                "mehari: {providers: {acme: {api-key: '${SOMEBODY_SETS_THIS}'}}}",
                                "mehari: {providers: {acme: {api-key: '${NOBODY_SETS_THIS}', api-version: '${NOBODY_SETS_THIS:}'}}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MEHARI_API_KEY", "MEHARI_ADMINKEY", "MEHARI_LIMITS_CONCURRENT", "MEHARI_PROVIDERS_ACME_APIKY"})
    void aVariableThatNoSettingReadsIsTold(String variable) {
        load(new ClassPathResource("application.yaml"));
        set(variable);
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "the variable " + variable + " is not known and has no effect; known are MEHARI_ADMIN_KEY, ")
                .contains("MEHARI_API_KEYS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MEHARI_API_KEYS",
                "MEHARI_LIMITS_CONCURRENTCALLS",
                "MEHARI_LIMITS_CONCURRENT_CALLS",
                "MEHARI_PROVIDERS_ACME_APIKEY",
                "MEHARI_MODELS_0_NAME",
                "MEHARI_SERVICE_HOST",
                "MEHARI_PORT",
                "MEHARI_PORT_8080_TCP_ADDR",
                "OTHERS_API_KEY"
            })
    void aVariableThatIsReadOrIsNotMeantForUsIsNot(String variable) {
        load(new ClassPathResource("application.yaml"));
        set(variable);
        assertThat(warnings()).isEmpty();
    }

    private void set(String variable) {
        environment
                .getPropertySources()
                .replace(
                        "systemEnvironment",
                        new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, "1")));
    }

    @Test
    void aVariableThatIsNotSetIsNoKey() {
        load(new ByteArrayResource("""
                mehari:
                  providers: {acme: {api-key: "${NOBODY_SETS_THIS}"}}
                  access: {api-keys: ["${NOBODY_SETS_THIS}", mine], admin-key: "${NOBODY_SETS_THIS}"}
                """.getBytes(StandardCharsets.UTF_8)));
        MehariSettings settings = Binder.get(environment)
                .bind("mehari", Bindable.of(MehariSettings.class))
                .get();
        assertThat(settings.providers().get("acme").apiKey()).isNull();
        assertThat(settings.access().apiKeys()).containsExactly("mine");
        assertThat(settings.access().adminKey()).isNull();
    }
}
