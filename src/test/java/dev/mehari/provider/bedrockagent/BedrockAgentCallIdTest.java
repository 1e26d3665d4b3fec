package dev.mehari.provider.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of calls carry an agent's invocation there and back. */
class BedrockAgentCallIdTest {
    private static final String UUID_TEXT = "01234567-89ab-cdef-0123-456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "01234567-89ab-cdef-0123-456789abcdef,0,,",
        "01234567-89ab-cdef-0123-456789abcdef,31,AGENT12345,",
        "01234567-89ab-cdef-0123-456789abcdef,2,,GET /orders/{id}",
        "01234567-89ab-cdef-0123-456789abcdef,2,AGENT12345,POST /x",
        "not-a-uuid,1,,",
        "01234567-89AB-CDEF-0123-456789ABCDEF,1,,",
    })
    void whatGoesInComesOut(String invocation, int index, String agent, String operation) {
        BedrockAgentCallId id = new BedrockAgentCallId(invocation, index, agent, operation);
        String text = id.text();
        assertThat(text).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(BedrockAgentCallId.read(text)).isEqualTo(id);
    }

    @Test
    void whatDoesNotFitIsKeptHere() {
        BedrockAgentCalls calls = new BedrockAgentCalls();
        BedrockAgentCallId id =
                new BedrockAgentCallId(UUID_TEXT, 0, null, "DELETE /customers/{customer}/orders/{order}/lines/{line}");
        assertThat(id.text()).isNull();
        String text = calls.id(id);
        assertThat(text).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(calls.find(text)).isEqualTo(id);
        assertThat(new BedrockAgentCalls().find(text)).isNull();
    }

    @Test
    void onlyTheLatestAreKept() {
        BedrockAgentCalls calls = new BedrockAgentCalls();
        String path = "GET /a/very/long/path/that/fits/into/no/id/at/all/";
        String first = calls.id(new BedrockAgentCallId(UUID_TEXT, 0, null, path));
        for (int i = 0; i < 10_000; i++) {
            calls.id(new BedrockAgentCallId(new UUID(1, i).toString(), 0, null, path));
        }
        assertThat(calls.find(first)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call_abc123",
                "call_",
                "toolu_01A",
                "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q",
                "call_AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "call_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
            })
    void idsOfOthersAreNoneOfOurs(String id) {
        assertThat(BedrockAgentCallId.read(id)).isNull();
    }
}
