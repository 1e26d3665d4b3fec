package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolNamesTest {
    private static final String LONG = "mcp__some_server__" + "x".repeat(90);

    private static Tool tool(String name) {
        return new Tool.Function(name, null, null, null, null);
    }

    @Test
    void aNameThatFitsStaysAndNobodyLooksAtTheTools() {
        assertThat(ToolNames.fitting("get_weather")).isEqualTo("get_weather");
        assertThat(ToolNames.original("get_weather", () -> {
                    throw new AssertionError("not needed");
                }))
                .isEqualTo("get_weather");
    }

    @Test
    void aLongOneIsFoundAgainAmongTheTools() {
        String fitting = ToolNames.fitting(LONG);
        assertThat(fitting).matches("[A-Za-z0-9_-]{1,64}").startsWith("mcp__some_server__");
        List<Tool> tools = List.of(tool("get_weather"), tool(LONG + "y"), tool(LONG));
        assertThat(ToolNames.original(fitting, () -> tools)).isEqualTo(LONG);
        assertThat(ToolNames.original(ToolNames.fitting("a.b"), () -> List.of(tool("a.b"))))
                .isEqualTo("a.b");
    }

    @Test
    void namesThatDifferAtTheirEndStayApart() {
        assertThat(ToolNames.fitting(LONG + "1")).isNotEqualTo(ToolNames.fitting(LONG + "2"));
    }

    @Test
    void aNameOfNobodysStays() {
        assertThat(ToolNames.original("made_up_0123abcd", () -> List.of(tool("f"))))
                .isEqualTo("made_up_0123abcd");
    }
}
