package dev.mehari.dashboard;

import dev.mehari.chat.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The files of the page, read from the jar at start and found by their exact path only. Scripts and styles have a hash of
 * them all in their path, so that browsers may keep them for good and never mix those of two versions. Thread-safe.
 */
@Component
final class Assets {
    private static final String FOLDER = "/dashboard/";
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
    private static final String CHARTS_NAME = "chart.umd.min.js";

    /** Stands in pages for the hash. */
    private static final String HASH = "{{hash}}";

    private static final List<String> PAGES = List.of("index.html", "login.html");
    private static final List<String> PARTS = List.of(
            "api.js",
            "app.css",
            "app.js",
            "charts.js",
            "detail.js",
            "dom.js",
            "feed.js",
            "format.js",
            "icon.svg",
            "keys.js",
            "login.js",
            "overview.js",
            "playground.js",
            "providers.js",
            "requests.js",
            "table.js",
            "theme.js");

    private final Map<String, Asset> byPath = new TreeMap<>();

    Assets() {
        Map<String, byte[]> parts = new TreeMap<>();
        PARTS.forEach(name -> parts.put(name, read(FOLDER + name)));
        parts.put(CHARTS_NAME, read(CHARTS));
        String hash = hash(parts);
        parts.forEach((name, bytes) -> byPath.put("/dashboard/assets/" + hash + "/" + name, Asset.of(name, bytes)));
        for (String name : PAGES) {
            String page = new String(read(FOLDER + name), StandardCharsets.UTF_8).replace(HASH, hash);
            byPath.put(name, Asset.of(name, page.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** A script, style or picture, by its path. */
    @Nullable
    Asset part(String path) {
        return path.startsWith("/") ? byPath.get(path) : null;
    }

    Asset page(String name) {
        Asset page = byPath.get(name);
        if (page == null) {
            throw new IllegalArgumentException("there is no page " + name);
        }
        return page;
    }

    private static String hash(Map<String, byte[]> parts) {
        StringBuilder all = new StringBuilder();
        parts.forEach((name, bytes) -> all.append(name)
                .append(' ')
                .append(HexFormat.of().formatHex(Sha256.of(bytes)))
                .append('\n'));
        return Sha256.hex(all.toString()).substring(0, 16);
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
