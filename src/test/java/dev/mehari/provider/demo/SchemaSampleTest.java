package dev.mehari.provider.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.Json;
import org.junit.jupiter.api.Test;

class SchemaSampleTest {
    private static String sample(String schema) throws Exception {
        return Json.text(SchemaSample.of(Json.MAPPER.readTree(schema)));
    }

    @Test
    void scalarsHaveOneValueEach() throws Exception {
        assertThat(sample("{\"type\":\"string\"}")).isEqualTo("\"demo\"");
        assertThat(sample("{\"type\":\"integer\"}")).isEqualTo("1");
        assertThat(sample("{\"type\":\"number\"}")).isEqualTo("1");
        assertThat(sample("{\"type\":\"boolean\"}")).isEqualTo("true");
        assertThat(sample("{\"type\":\"null\"}")).isEqualTo("null");
        assertThat(sample("{\"type\":[\"null\",\"integer\"]}")).isEqualTo("1");
        assertThat(sample("{\"const\":7}")).isEqualTo("7");
        assertThat(sample("{\"type\":\"string\",\"enum\":[\"b\",\"a\"]}")).isEqualTo("\"b\"");
    }

    @Test
    void boundsAreKept() throws Exception {
        assertThat(sample("{\"type\":\"integer\",\"minimum\":5}")).isEqualTo("5");
        assertThat(sample("{\"type\":\"integer\",\"exclusiveMinimum\":5}")).isEqualTo("6");
        assertThat(sample("{\"type\":\"integer\",\"minimum\":2.5}")).isEqualTo("3");
        assertThat(sample("{\"type\":\"integer\",\"maximum\":-3}")).isEqualTo("-3");
        assertThat(sample("{\"type\":\"integer\",\"multipleOf\":4,\"minimum\":5}"))
                .isEqualTo("8");
        assertThat(sample("{\"type\":\"number\",\"maximum\":0.5}")).isEqualTo("0.5");
        assertThat(sample("{\"type\":\"number\",\"exclusiveMaximum\":1}")).isEqualTo("0.5");
        assertThat(sample("{\"type\":\"number\",\"exclusiveMinimum\":1,\"exclusiveMaximum\":1.2}"))
                .isBetween("1.0", "1.2");
        assertThat(sample("{\"type\":\"integer\",\"minimum\":1e999999999}")).isEqualTo("1");
        assertThat(sample("{\"type\":\"string\",\"minLength\":6}")).isEqualTo("\"demode\"");
        assertThat(sample("{\"type\":\"string\",\"maxLength\":2}")).isEqualTo("\"de\"");
        assertThat(sample("{\"type\":\"string\",\"format\":\"date\"}")).isEqualTo("\"2026-01-01\"");
        assertThat(sample("{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2}"))
                .isEqualTo("[1,1]");
        assertThat(sample("{\"type\":\"array\",\"maxItems\":0}")).isEqualTo("[]");
    }

    @Test
    void objectsHaveEveryProperty() throws Exception {
        assertThat(sample("{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"items\":{\"type\":\"boolean\"}}},"
                        + "\"required\":[\"a\",\"c\"]}"))
                .isEqualTo("{\"a\":\"demo\",\"b\":[true],\"c\":\"demo\"}");
    }

    @Test
    void choicesTakeTheFirstBranchThatIsNotNull() throws Exception {
        assertThat(sample("{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]}"))
                .isEqualTo("1");
        assertThat(sample("{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}"))
                .isEqualTo("\"demo\"");
        assertThat(
                        sample(
                                "{\"allOf\":[{\"properties\":{\"a\":{}}},{\"properties\":{\"b\":{}}}],\"properties\":{\"c\":{}}}"))
                .isEqualTo("{\"a\":\"demo\",\"b\":\"demo\",\"c\":\"demo\"}");
    }

    @Test
    void referencesAreFollowedAndCyclesAreLeftOut() throws Exception {
        String tree =
                "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"required\":[\"name\",\"children\"],"
                        + "\"properties\":{\"name\":{\"type\":\"string\"},\"next\":{\"$ref\":\"#/$defs/node\"},"
                        + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}},"
                        + "\"parent\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}}}}}";
        assertThat(sample(tree)).startsWith("{\"name\":\"demo\",").contains("\"children\":[]");
        assertThat(sample("{\"$ref\":\"#\"}")).isEqualTo("{}");
        assertThat(sample("{\"$ref\":\"https://elsewhere/x\"}")).isEqualTo("{}");
        assertThat(sample("{\"$ref\":\"#/$defs/~9\"}")).isEqualTo("{}");
    }

    @Test
    void aSchemaThatUnfoldsWithoutEndStaysSmall() throws Exception {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            schema.append(
                    "\"d" + i + "\":{\"type\":\"object\",\"properties\":{\"a\":" + next + ",\"b\":" + next + "}},");
        }
        assertThat(sample(schema + "\"d40\":{\"type\":\"string\"}}}")).hasSizeLessThan(100_000);
    }

    @Test
    void misshapedSchemasAreNoReasonToFail() throws Exception {
        for (String schema : new String[] {
            "{}",
            "true",
            "false",
            "[]",
            "{\"type\":7}",
            "{\"enum\":[]}",
            "{\"properties\":[]}",
            "{\"required\":{}}",
            "{\"type\":\"array\",\"minItems\":-1,\"maxItems\":-5}",
            "{\"type\":\"string\",\"maxLength\":-1}",
            "{\"type\":\"integer\",\"multipleOf\":0}",
            "{\"type\":\"integer\",\"minimum\":3,\"maximum\":1}"
        }) {
            assertThat(sample(schema)).isNotNull();
        }
    }
}
