package dev.mehari.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/** docs/conformance.md names a test for each known pitfall, and everything that it names is there. */
class ConformanceTableTest {
    private static final int CASES = 50;
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| (.+) \\| (.+) \\| (.+) \\|$");
    private static final Pattern TEST = Pattern.compile("`([\\w.]+)#(\\w+)`");
    private static final Pattern GOLDEN = Pattern.compile("`([a-z-]+/[a-z0-9.-]+)`");
    private static final List<Class<? extends Annotation>> KINDS =
            List.of(Test.class, ParameterizedTest.class, TestFactory.class, Property.class);

    private static String document() throws Exception {
        return Files.readString(Path.of("docs/conformance.md"));
    }

    private static List<MatchResult> rows() throws Exception {
        return ROW.matcher(document()).results().toList();
    }

    @Test
    void everyCaseHasItsRow() throws Exception {
        assertThat(rows())
                .extracting(row -> Integer.valueOf(row.group(1)))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, CASES).boxed().toList());
    }

    @Test
    void everyRowNamesATest() throws Exception {
        for (MatchResult row : rows()) {
            assertThat(TEST.matcher(row.group(4)).results())
                    .as("tests of case " + row.group(1))
                    .isNotEmpty();
        }
    }

    @Test
    void everyTestThatIsNamedExistsAndIsOne() throws Exception {
        for (MatchResult named : TEST.matcher(document()).results().toList()) {
            Class<?> type = Class.forName("dev.mehari." + named.group(1));
            assertThat(type.getDeclaredMethods())
                    .as(named.group())
                    .filteredOn(method -> method.getName().equals(named.group(2)))
                    .isNotEmpty()
                    .allMatch(ConformanceTableTest::isTest);
        }
    }

    private static boolean isTest(Method method) {
        return KINDS.stream().anyMatch(method::isAnnotationPresent);
    }

    @Test
    void everyGoldenCaseThatIsNamedExists() throws Exception {
        for (MatchResult row : rows()) {
            Stream<MatchResult> cases = GOLDEN.matcher(row.group(4)).results();
            assertThat(cases.map(name -> Path.of("src/test/resources", name.group(1))))
                    .as("golden cases of case " + row.group(1))
                    .allMatch(Files::isDirectory);
        }
    }
}
