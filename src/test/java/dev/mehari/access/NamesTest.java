package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of models' and providers' names. */
class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-4o,gpt-4o,true", "gpt-4o,gpt-4o-mini,false", "gpt-4o*,gpt-4o-mini,true", "gpt-4o*,gpt-4o,true",
        "*,anything,true", "*,'',true", "*-mini,gpt-4o-mini,true", "*-mini,gpt-4o-mini-x,false",
        "anthropic/*,anthropic/claude,true", "a*b*c,aXbYbZc,true", "a*b*c,aXbYbZ,false", "GPT*,gpt-4o,false",
        "gpt.4o,gpt-4o,false", "**a,a,true", "a?,ab,false", "'',a,false"
    })
    void aStarStandsForAnyCharacters(String pattern, String name, boolean allowed) {
        assertThat(new Names(List.of(pattern)).allow(name)).isEqualTo(allowed);
    }

    @Test
    void oneOfSeveralPatternsIsEnoughAndNoneAllowsAll() {
        assertThat(new Names(List.of("a", "b*")).allow("bc")).isTrue();
        assertThat(new Names(List.of("a", "b*")).allow("c")).isFalse();
        assertThat(Names.ALL.allow("c")).isTrue();
    }

    @Test
    void aPatternOfManyStarsTakesNoLongTime() {
        assertThat(new Names(List.of("*a".repeat(200) + "b")).allow("a".repeat(2000)))
                .isFalse();
    }
}
