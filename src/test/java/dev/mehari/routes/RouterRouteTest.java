package dev.mehari.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;

/** router.camel.yaml alone: from a model's name to a provider. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RouterRouteTest.Alone.class,
        properties = "camel.main.routes-include-pattern=file:routes/router.camel.yaml")
class RouterRouteTest {
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(CamelAutoConfiguration.class)
    static class Alone {}

    @Autowired
    private ProducerTemplate producer;

    @Autowired
    private CamelContext camel;

    private Exchange route(String model, String provider, String group) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("model", model);
        facts.put("provider", provider);
        facts.put("group", group);
        return producer.send(
                "direct:router",
                exchange -> facts.forEach((name, value) -> {
                    if (value != null) {
                        exchange.setProperty(name, value);
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "demo,demo",
        "demo-slow,demo",
        "gpt-4o-mini,openai",
        "gpt-5,openai",
        "chatgpt-4o-latest,openai",
        "o1,openai",
        "o3-mini,openai",
        "o4-mini,openai",
        "ft:gpt-4o-mini:org::id,openai",
        "text-embedding-3-large,openai",
        "text-embedding-ada-002,openai",
        "Meta-Llama-3.3-70B-Instruct,sambanova",
        "DeepSeek-V3-0324,sambanova",
        "llama-3.3-70b-versatile,groq",
        "mistral-large-latest,mistral",
        "codestral-latest,mistral",
        "magistral-medium-latest,mistral",
        "deepseek-v4-pro,deepseek",
        "claude-sonnet-4-5,anthropic",
        "bedrock-agent,bedrock-agent",
        "anthropic.claude-3-haiku-20240307-v1:0,bedrock",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0,bedrock",
        "global.anthropic.claude-opus-4-6-v1,bedrock",
        "eu.amazon.nova-lite-v1:0,bedrock",
        "amazon.nova-pro-v1:0,bedrock",
        "meta.llama3-70b-instruct-v1:0,bedrock",
        "mistral.mistral-large-2407-v1:0,bedrock",
        "cohere.command-r-v1:0,bedrock",
        "ai21.jamba-1-5-large-v1:0,bedrock",
        "deepseek.r1-v1:0,bedrock",
        "openai.gpt-oss-120b-1:0,bedrock",
        "qwen.qwen3-32b-v1:0,bedrock",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-pro-v1:0,bedrock",
        "my-claude-x,",
        "us-model,",
        "demonstration,",
        "my-gpt-4o,",
    })
    void theNameDecides(String model, String provider) {
        assertThat(route(model, null, null).getProperty("provider")).isEqualTo(provider);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,gemini vertex,gemini",
        "gemini-2.5-flash,gemini,gemini",
        "gemini-3-pro-preview,vertex openai,vertex",
        "text-embedding-005,vertex,vertex",
        "gemma-3-27b-it,openai,gemini",
        "gemini-2.5-flash,gemini-house vertex,vertex",
    })
    void geminisModelsGoToVertexWhenOnlyThatIsThere(String model, String available, String provider) {
        Exchange routed = producer.send("direct:router", exchange -> {
            exchange.setProperty("model", model);
            exchange.setProperty("available", List.of(available.split(" ")));
        });
        assertThat(routed.getException()).isNull();
        assertThat(routed.getProperty("provider")).isEqualTo(provider);
    }

    @Test
    void aProviderThatTheClientNamedStays() {
        assertThat(route("gpt-4o", "groq", null).getProperty("provider")).isEqualTo("groq");
        assertThat(route(null, "mistral", null).getProperty("provider")).isEqualTo("mistral");
    }

    @Test
    void openAisModelsAreAskedOfAzureWhereOnlyThatIsConfigured() {
        assertThat(routeWith("gpt-4o", List.of("azure", "demo")).getProperty("provider"))
                .isEqualTo("azure");
        assertThat(routeWith("text-embedding-3-small", List.of("azure")).getProperty("provider"))
                .isEqualTo("azure");
        assertThat(routeWith("gpt-4o", List.of("azure", "openai")).getProperty("provider"))
                .isEqualTo("openai");
        assertThat(routeWith("gpt-4o", List.of("demo")).getProperty("provider")).isEqualTo("openai");
    }

    private Exchange routeWith(String model, List<String> available) {
        return producer.send("direct:router", exchange -> {
            exchange.setProperty("model", model);
            exchange.setProperty("available", available);
        });
    }

    @Test
    void aGroupIsLeftToThePlanner() {
        Exchange routed = route("gpt-4o", null, "gpt-4o");
        assertThat(routed.getProperty("provider")).isNull();
        assertThat(routed.getProperty("routedBy")).isEqualTo("group");
    }

    @Test
    void anOperatorsRuleAboveTheShippedOnesWins() throws Exception {
        AdviceWith.adviceWith(camel, "router", advice -> advice.weaveByType(ChoiceDefinition.class)
                .selectFirst()
                .before()
                .choice()
                .when(advice.simple("${exchangeProperty.model} == 'gpt-house'"))
                .setProperty("provider", advice.constant("sambanova"))
                .setProperty("model", advice.constant("Meta-Llama-3.3-70B-Instruct"))
                .end());
        Exchange routed = route("gpt-house", null, null);
        assertThat(routed.getProperty("provider")).isEqualTo("sambanova");
        assertThat(routed.getProperty("model")).isEqualTo("Meta-Llama-3.3-70B-Instruct");
        assertThat(route("gpt-4o", null, null).getProperty("provider")).isEqualTo("openai");
    }
}
