package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicSchemaTest {
    private static JsonNode schema(String quoted) {
        return Claude.json(quoted.replace('\'', '"'));
    }

    private static String strict(String quoted) {
        JsonNode schema = schema(quoted);
        JsonNode before = schema.deepCopy();
        JsonNode strict = AnthropicSchema.strict(schema);
        assertThat(schema).as("the client's own is never changed").isEqualTo(before);
        return strict == null ? "not taken" : Json.text(strict).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','minLength':2,'pattern':'a+','format':'ipv4'} | {'type':'string','format':'ipv4','description':'minLength: 2, pattern: a+'}",
                "{'type':'string','format':'phone','description':'A number','$comment':'x'} | {'type':'string','description':'A number (format: phone)'}",
                "{'type':'object','properties':{'a':{'const':1}},'required':['a']} | {'type':'object','properties':{'a':{'const':1}},'required':['a'],'additionalProperties':false}",
                "{'type':'object','additionalProperties':false} | {'type':'object','additionalProperties':false}",
                "{'type':['object','null'],'properties':{'a':{'type':'null'}}} | {'type':['object','null'],'properties':{'a':{'type':'null'}},'additionalProperties':false}",
                "{'oneOf':[{'type':'string'},{'enum':[1,2.50]}]} | {'anyOf':[{'type':'string'},{'enum':[1,2.50]}]}",
                "{'type':'array','items':{'type':'integer','maximum':3},'minItems':1} | {'type':'array','items':{'type':'integer','description':'maximum: 3'},'description':'minItems: 1'}",
                "{'$ref':'#/definitions/a','definitions':{'a':{'type':'string'}}} | {'$ref':'#/$defs/a','$defs':{'a':{'type':'string'}}}",
                "{'allOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'type':'string'}}} | {'allOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'type':'string'}}}",
            })
    void whatTheGrammarDoesNotKnowIsPutIntoWords(String schema, String strict) {
        assertThat(strict(schema)).isEqualTo(strict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'object'}",
                "{'type':'object','properties':{'a':{}}}",
                "{'type':'object','properties':{'a':true}}",
                "{'type':'object','additionalProperties':true,'properties':{'a':{'type':'string'}}}",
                "{'type':'object','additionalProperties':{'type':'string'}}",
                "{'type':'object','patternProperties':{'a':{'type':'string'}}}",
                "{'type':'array','prefixItems':[{'type':'string'}]}",
                "{'type':'array','items':[{'type':'string'}]}",
                "{'allOf':[{'type':'string'},{'type':'string'}]}",
                "{'$ref':'#'}",
                "{'$ref':'#/$defs/missing'}",
                "{'$ref':'https://example.com/schema'}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'object','properties':{'b':{'$ref':'#/$defs/b'}}},"
                        + "'b':{'type':'array','items':{'$ref':'#/$defs/a'}}}}",
            })
    void whatCannotBeSaidAsAGrammarIsNotTaken(String schema) {
        assertThat(strict(schema)).isEqualTo("not taken");
    }

    @Test
    void aDefinitionUsedTwiceIsNoRecursion() {
        assertThat(strict("{'type':'object','properties':{'a':{'$ref':'#/$defs/s'},'b':{'$ref':'#/$defs/s'}},"
                        + "'$defs':{'s':{'type':'string'}}}"))
                .isNotEqualTo("not taken");
    }

    @Test
    void moreOptionalPropertiesThanCompileAreNotTaken() {
        assertThat(strict(optional(10))).isNotEqualTo("not taken");
        assertThat(strict(optional(11))).isEqualTo("not taken");
    }

    private static String optional(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "'p" + i + "':{'type':'string'}")
                .collect(Collectors.joining(",", "{'type':'object','properties':{", "}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {'type':'object','properties':{}}",
                "{'properties':{'a':{'type':'string'}}} | {'type':'object','properties':{'a':{'type':'string'}}}",
                "{'type':['object','null'],'properties':{}} | {'type':'object','properties':{}}",
                "{'type':'object','properties':{'a':{'minimum':1}},'additionalProperties':true} | {'type':'object','properties':{'a':{'minimum':1}},'additionalProperties':true}",
                "{'allOf':[{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}}}],'required':['b'],'$defs':{}} | {'type':'object','properties':{'a':{},'b':{}},'$defs':{},'required':['b','a'],'description':'allOf: [{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}}}]'}",
            })
    void aToolsInputIsAnObject(String schema, String input) {
        JsonNode given = schema(schema);
        JsonNode before = given.deepCopy();
        JsonNode made = AnthropicSchema.input(given);
        assertThat(given).isEqualTo(before);
        assertThat(Json.text(made).replace("\\\"", "'").replace('"', '\'')).isEqualTo(input);
    }

    @Test
    void aToolWithoutParametersTakesAnEmptyObjectAndAnotherTypeIsNone() {
        assertThat(AnthropicSchema.input(null)).isEqualTo(schema("{'type':'object','properties':{}}"));
        assertThat(AnthropicSchema.input(schema("{'type':'string'}"))).isNull();
    }
}
