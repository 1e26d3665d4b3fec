package dev.mehari.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From what a client asks for to the provider that is asked, with PROVIDER_NAME set. */
class ChooseProviderTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        List<String> settings = new ArrayList<>(List.of(
                "mehari.default-provider=ollama",
                "mehari.providers.openai.default-model=gpt-default",
                "mehari.models[0].name=team/fast",
                "mehari.models[0].deployments[0].provider=groq",
                "mehari.models[0].deployments[0].model=fast-at-groq",
                "mehari.models[1].name=openai/gpt-4o",
                "mehari.models[1].deployments[0].provider=mistral",
                "mehari.models[2].name=gpt-shadowed",
                "mehari.models[2].deployments[0].provider=demo",
                "mehari.models[2].deployments[0].model=demo-error-503",
                "mehari.models[2].deployments[1].provider=sambanova",
                "mehari.models[2].deployments[1].model=second",
                "mehari.models[2].deployments[1].priority=2"));
        String host = upstream.url().replace("/v1", "");
        for (String provider : List.of("openai", "sambanova", "groq", "mistral", "deepseek", "openrouter", "ollama")) {
            settings.add("mehari.providers." + provider + ".base-url=" + host + "/" + provider);
            settings.add("mehari.providers." + provider + ".pool.warm-up=0");
        }
        gateway = Gateway.start(settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o,openai",
        "gpt-5-mini,openai",
        "chatgpt-4o-latest,openai",
        "o1,openai",
        "o3-mini,openai",
        "o4-mini,openai",
        "ft:gpt-4o:acme::x,openai",
        "Meta-Llama-3.3-70B-Instruct,sambanova",
        "DeepSeek-V3-0324,sambanova",
        "Llama-4-Maverick,sambanova",
        "QwQ-32B,sambanova",
        "E5-Mistral-7B-Instruct,sambanova",
        "llama-3.3-70b-versatile,groq",
        "groq-compound,groq",
        "gemma2-9b-it,groq",
        "mistral-large-latest,mistral",
        "magistral-medium,mistral",
        "ministral-8b,mistral",
        "codestral-latest,mistral",
        "pixtral-large,mistral",
        "open-mistral-nemo,mistral",
        "deepseek-chat,deepseek",
        "no-rule-knows-me,ollama",
        "vendor/model:tag,ollama"
    })
    void theRouterDecidesByTheModelsName(String model, String provider) {
        chosen(gateway.chat(Answers.ask(model, false)), provider, model);
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4.1,openai,gpt-4.1", "groq/openai/gpt-oss-120b,groq,openai/gpt-oss-120b",
        "ollama/library/qwen3:8b,ollama,library/qwen3:8b", "sambanova/x,sambanova,x",
        "openrouter/qwen/qwen3,openrouter,qwen/qwen3", "openrouter/auto,openrouter,openrouter/auto",
        "mistral/mistral-large,mistral,mistral-large"
    })
    void aPrefixNamesTheProvider(String model, String provider, String sent) {
        chosen(gateway.chat(Answers.ask(model, false)), provider, sent);
    }

    @Test
    void theHeaderWinsOverTheBodyAndTheBodyOverTheRules() {
        String inBody = Answers.ask("llama-x", false).replace("{\"model\"", "{\"provider\":\"groq\",\"model\"");
        chosen(gateway.chat(inBody), "groq", "llama-x");
        chosen(gateway.chat(inBody, "x-provider", "mistral"), "mistral", "llama-x");
        chosen(gateway.chat(inBody, "x-provider", " "), "groq", "llama-x");
        chosen(gateway.chat(Answers.ask("openai/gpt-oss", false), "x-provider", "groq"), "groq", "openai/gpt-oss");
        chosen(gateway.chat(Answers.ask("groq/y", false), "x-provider", "groq"), "groq", "y");
        chosen(gateway.chat(Answers.ask("team/fast", false), "x-provider", "ollama"), "ollama", "team/fast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "OPENAI", "open ai"})
    void anUnknownProviderIsABadRequest(String name) {
        JsonNode byHeader = ErrorCheck.error(gateway.chat(Answers.ask("gpt-4o", false), "x-provider", name), 400);
        assertThat(byHeader.path("param").asText()).isEqualTo("provider");
        assertThat(byHeader.path("code").asText()).isEqualTo("unknown_provider");
        assertThat(byHeader.path("message").asText()).contains(name, "known are", "sambanova");
        String inBody =
                "{\"provider\":\"" + name + "\"," + Answers.ask("gpt-4o", false).substring(1);
        assertThat(ErrorCheck.error(gateway.chat(inBody), 400)).isEqualTo(byHeader);
    }

    @Test
    void theDefaultModelServesWhoNamesOnlyTheProvider() {
        chosen(gateway.chat(withoutModel(), "x-provider", "openai"), "openai", "gpt-default");
        chosen(gateway.chat(Answers.ask("claude-x", false), "x-provider", "openai"), "openai", "gpt-default");
        chosen(gateway.chat(Answers.ask("gpt-4.1", false), "x-provider", "openai"), "openai", "gpt-4.1");
        assertThat(answered(gateway.chat(withoutModel(), "x-provider", "openai")))
                .isEqualTo("gpt-4o-mini");
        assertThat(answered(gateway.chat(Answers.ask("claude-x", false), "x-provider", "openai")))
                .isEqualTo("claude-x");
    }

    @Test
    void aProviderWithoutADefaultModelNeedsOne() {
        JsonNode error = ErrorCheck.error(gateway.chat(withoutModel(), "x-provider", "groq"), 400);
        assertThat(error.path("param").asText()).isEqualTo("model");
    }

    @Test
    void aGroupIsServedUnderItsOwnName() {
        HttpResponse<String> answer = gateway.chat(Answers.ask("team/fast", false));
        chosen(answer, "groq", "fast-at-groq");
        assertThat(answered(answer)).isEqualTo("team/fast");
    }

    @Test
    void aGroupWinsOverAPrefixAndOverTheRules() {
        chosen(gateway.chat(Answers.ask("openai/gpt-4o", false)), "mistral", "openai/gpt-4o");
        HttpResponse<String> answer = gateway.chat(Answers.ask("gpt-shadowed", false));
        chosen(answer, "sambanova", "second");
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue("2");
        assertThat(answered(answer)).isEqualTo("gpt-shadowed");
    }

    @Test
    void droppedFieldsAreTold() {
        String body = "{\"user\":\"u\",\"store\":true,"
                + Answers.ask("Meta-Llama-X", false).substring(1);
        HttpResponse<String> answer = gateway.chat(body);
        chosen(answer, "sambanova", "Meta-Llama-X");
        assertThat(answer.headers().firstValue("x-mehari-dropped-params")).hasValue("user, store");
        assertThat(upstream.last().body()).doesNotContain("user\":\"u", "store");
    }

    private static String withoutModel() {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static String answered(HttpResponse<String> answer) {
        return ErrorCheck.tree(answer.body()).path("model").asText();
    }

    private static void chosen(HttpResponse<String> answer, String provider, String model) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-provider")).hasValue(provider);
        assertThat(answer.headers().firstValue("x-mehari-model")).hasValue(model);
        assertThat(upstream.last().path()).isEqualTo("/" + provider + "/chat/completions");
        assertThat(ErrorCheck.tree(upstream.last().body()).path("model").asText())
                .isEqualTo(model);
    }
}
