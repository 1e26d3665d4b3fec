package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolIdsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "toolu_01A-b_c",
                "call_1",
                "x",
                "mhsh_abc",
                "id-with-64-letters-0123456789-0123456789-0123456789-0123456789-0"
            })
    void anIdThatFitsStays(String id) {
        assertThat(ToolIds.fitting(id)).isEqualTo(id);
        assertThat(ToolIds.original(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "functions.f:0",
                "",
                "ünïcode 🐪",
                "a b",
                "mhid_ZnVu",
                "44 bytes are as many as there is room for, o"
            })
    void anotherComesBackAsItWas(String id) {
        assertThat(ToolIds.fitting(id)).matches("[A-Za-z0-9_-]{1,64}").isNotEqualTo(id);
        assertThat(ToolIds.original(ToolIds.fitting(id))).isEqualTo(id);
    }

    @Test
    void oneThatIsTooLongIsTheSameEachTime() {
        String id = "x".repeat(200);
        assertThat(ToolIds.fitting(id))
                .matches("[A-Za-z0-9_-]{1,64}")
                .isEqualTo(ToolIds.fitting(id))
                .isNotEqualTo(ToolIds.fitting(id + "x"));
        assertThat(ToolIds.fitting(ToolIds.fitting(id))).isEqualTo(ToolIds.fitting(id));
    }

    @Test
    void whatOnlyLooksLikeOursIsLeftAlone() {
        assertThat(ToolIds.original("mhid_*")).isEqualTo("mhid_*");
    }
}
