package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class FunctionNameTest {
    @Property
    void everyNameComesBackAndBeginsAsGeminiWantsIt(
            @ForAll @StringLength(min = 1, max = 6) @Chars({'_', '-', '7'}) @CharRange(from = 'a', to = 'c')
                    String name) {
        String upstream = FunctionName.upstream(name);
        assertThat(upstream).matches("[a-z_].*");
        assertThat(FunctionName.client(upstream)).isEqualTo(name);
    }

    @Property
    void twoNamesStayTwo(
            @ForAll @StringLength(min = 1, max = 4) @Chars({'_', '7', 'a'}) String one,
            @ForAll @StringLength(min = 1, max = 4) @Chars({'_', '7', 'a'}) String other) {
        assertThat(FunctionName.upstream(one).equals(FunctionName.upstream(other)))
                .isEqualTo(one.equals(other));
    }
}
