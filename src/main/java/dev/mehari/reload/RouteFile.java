package dev.mehari.reload;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route file as it was read.
 *
 * @param name as the operator knows it
 */
record RouteFile(String name, String text) {
    List<String> lines() {
        return text.lines().toList();
    }

    /** The line that gives a route this id, from 1; 0: none does. */
    int lineOf(String routeId) {
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            if (definesId(lines.get(i), routeId)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The first place from that line on that holds the words; null: there is none. */
    @Nullable
    Problem find(String words, int from, String reason) {
        List<String> lines = lines();
        for (int i = Math.max(from - 1, 0); i < lines.size(); i++) {
            int column = lines.get(i).indexOf(words);
            if (column >= 0) {
                return new Problem(name, i + 1, column + 1, reason);
            }
        }
        return null;
    }

    private static boolean definesId(String line, String routeId) {
        String bare = line.strip();
        return bare.startsWith("id:")
                && Arrays.asList(routeId, '"' + routeId + '"', "'" + routeId + "'")
                        .contains(bare.substring(3).strip());
    }
}
