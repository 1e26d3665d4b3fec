package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.RequestField;
import dev.mehari.dialect.chat.ChatRequestReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FieldTableTest {
    @Test
    void tellsWhatIsDroppedInTheOrderOfTheFieldsAndThenWhatNobodyKnows() {
        FieldTable table = all(RequestField.SEED, RequestField.STORE);
        ChatRequest request = request("\"frobnicate\":1,\"nothing\":null,\"store\":true,\"seed\":7,\"safety\":[]");
        assertThat(table.dropped(request, "here")).containsExactly("seed", "store", "frobnicate");
    }

    @Test
    void aValueThatAsksForNothingIsNotDropped() {
        FieldTable table = all(
                RequestField.CHOICES,
                RequestField.PRESENCE_PENALTY,
                RequestField.STORE,
                RequestField.LOGPROBS,
                RequestField.MODALITIES,
                RequestField.PARALLEL_TOOL_CALLS);
        ChatRequest request = request("\"n\":1,\"presence_penalty\":0,\"store\":false,\"logprobs\":false,"
                + "\"modalities\":[\"text\"],\"parallel_tool_calls\":true");
        assertThat(table.dropped(request, "here")).isEmpty();
    }

    @Test
    void aRejectedFieldIsNamedWithItsProviderAndTheReason() {
        FieldTable.Builder builder = FieldTable.of().extras("safety").rejected(RequestField.CHOICES, "one at a time");
        Arrays.stream(RequestField.values())
                .filter(field -> field != RequestField.CHOICES)
                .forEach(builder::kept);
        FieldTable table = builder.build();
        assertThatThrownBy(() -> table.dropped(request("\"n\":2"), "here"))
                .isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(refused.param())
                        .isEqualTo("n"))
                .hasMessageContaining("n is not supported by provider \"here\": one at a time");
    }

    @Test
    void aTableThatLeavesAFieldOutIsNoTable() {
        assertThatThrownBy(() -> FieldTable.of().kept(RequestField.SEED).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SYSTEM");
    }

    private static FieldTable all(RequestField... dropped) {
        FieldTable.Builder builder = FieldTable.of().extras("safety");
        for (RequestField field : RequestField.values()) {
            if (Arrays.asList(dropped).contains(field)) {
                builder.dropped(field, "");
            } else {
                builder.kept(field);
            }
        }
        return builder.build();
    }

    private static ChatRequest request(String fields) {
        return ChatRequestReader.read(("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + fields + "}")
                .getBytes(StandardCharsets.UTF_8));
    }
}
