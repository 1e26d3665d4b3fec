package dev.mehari.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.config.AnthropicSettings.Capability;
import dev.mehari.config.AnthropicSettings.Model;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaudeModelsTest {
    private static final ClaudeModels SHIPPED = ClaudeModels.shipped(List.of());

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-5-5,claude-sonnet-5-5,128000",
        "claude-sonnet-5,claude-sonnet-5,128000",
        "claude-opus-5-20261001,claude-opus-5,128000",
        "claude-opus-4-6,claude-opus-4-6,128000",
        "claude-sonnet-4-5-20250929,claude-sonnet-4-5,64000",
        "claude-opus-4-1-20250805,claude-opus-4-1,32000",
        "claude-opus-4-20250514,claude-opus-4-2,32000",
        "claude-sonnet-4-20250514,claude-sonnet-4-2,64000",
        "claude-sonnet-4@20250514,claude-sonnet-4@,64000",
        "claude-3-7-sonnet-latest,claude-3-7,64000",
        "claude-3-5-haiku-20241022,claude-3-5,8192",
        "claude-3-haiku-20240307,claude-3,4096",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0,claude-sonnet-4-5,64000",
        "claude-next-9,claude-,128000",
        "kimi-k3,*,64000",
    })
    void theFirstEntryThatFitsCounts(String name, String entry, int maxTokens) {
        assertThat(SHIPPED.find(name).match()).isEqualTo(entry);
        assertThat(SHIPPED.find(name).maxTokens()).isEqualTo(maxTokens);
    }

    @Test
    void aModelThatCameLaterIsTakenForAModernOne() {
        Model later = SHIPPED.find("claude-next-9");
        assertThat(later.can(Capability.ADAPTIVE_THINKING)).isTrue();
        assertThat(later.can(Capability.SAMPLING)).isFalse();
        assertThat(later.can(Capability.LATE_SYSTEM)).isFalse();
    }

    @Test
    void anOperatorsEntryComesBeforeTheShippedOnes() {
        Model own = new Model("sonnet-4-5", 1000, Set.of(Capability.SAMPLING));
        assertThat(ClaudeModels.shipped(List.of(own)).find("claude-sonnet-4-5")).isEqualTo(own);
        assertThat(ClaudeModels.shipped(List.of(own)).find("claude-opus-4-5"))
                .isEqualTo(SHIPPED.find("claude-opus-4-5"));
    }
}
