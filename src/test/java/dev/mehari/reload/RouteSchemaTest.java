package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteSchemaTest {
    /** The soak found a gateway whose heap of 288 MB was full of the schema: 217 MB once read, and more on the way there. */
    private static final long MOST_BYTES = 150L << 20;

    private static List<RouteTree> shipped() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return RouteTree.readAll(files.map(file -> {
                        try {
                            return new RouteFile(file.getFileName().toString(), Files.readString(file));
                        } catch (IOException broken) {
                            throw new java.io.UncheckedIOException(broken);
                        }
                    })
                    .toList());
        }
    }

    /** What a thread allocates does not depend on what else the machine and the JVM do. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void readingItAllocatesLessThanASmallHeapHas() {
        long before = allocated();
        JsonSchema schema = RouteSchema.read();
        assertThat(schema).isNotNull();
        assertThat(allocated() - before).isLessThan(MOST_BYTES);
    }

    @Test
    void theShippedRoutesAreAllThatItAllows() throws IOException {
        JsonSchema schema = RouteSchema.read();
        assertThat(shipped()).isNotEmpty().allSatisfy(tree -> assertThat(RouteSchema.check(schema, tree))
                .isEmpty());
    }
}
