package dev.mehari.transport;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** One {@code platform-http:} endpoint that a route starts from: a path, its methods, and the route behind it. {@code {name}} in the path takes any one segment. */
final class Door extends DefaultConsumer implements PlatformHttpConsumer {
    private final HttpDoors doors;
    private final DoorSet set;
    private final String path;
    private final boolean prefix;
    private final String start;
    private final @Nullable Pattern pattern;
    private final List<String> methods;

    Door(PlatformHttpEndpoint endpoint, Processor route, HttpDoors doors) {
        super(endpoint, route);
        this.doors = doors;
        this.set = doors.set(endpoint.getCamelContext());
        this.path = trimSlash(endpoint.getPath());
        this.prefix = endpoint.isMatchOnUriPrefix();
        this.start = path.substring(0, path.indexOf('{') < 0 ? path.length() : path.indexOf('{'));
        this.pattern = pattern(path);
        String restrict = endpoint.getHttpMethodRestrict();
        this.methods = restrict == null || restrict.isBlank()
                ? List.of()
                : List.of(restrict.toUpperCase(Locale.ROOT).split("\\s*,\\s*"));
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    /** All doors of its context. */
    DoorSet set() {
        return set;
    }

    String path() {
        return path;
    }

    List<String> methods() {
        return methods;
    }

    boolean opensAt(String asked) {
        if (pattern != null) {
            // Most requests ask for something else, and a comparison tells so at once.
            return asked.startsWith(start) && pattern.matcher(asked).matches();
        }
        return asked.equals(path) || (prefix && asked.startsWith(path) && asked.charAt(path.length()) == '/');
    }

    /** What stands in a path for each {@code {name}} of the door's, as the client wrote it. */
    Map<String, String> parameters(String asked) {
        if (pattern == null) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        Matcher matcher = pattern.matcher(asked);
        if (matcher.matches()) {
            pattern.namedGroups().keySet().forEach(name -> values.put(name, matcher.group(name)));
        }
        return values;
    }

    /** Each {@code {name}} takes one segment; null when there is none, which is the rule. */
    private static @Nullable Pattern pattern(String path) {
        if (path.indexOf('{') < 0) {
            return null;
        }
        return Pattern.compile(Pattern.quote(path).replaceAll("\\{([A-Za-z]+)\\}", "\\\\E(?<$1>[^/]+)\\\\Q"));
    }

    boolean takes(String method) {
        return methods.isEmpty() || methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }

    Exchange newExchange() {
        return createExchange(false);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        doors.open(this);
    }

    @Override
    protected void doStop() throws Exception {
        set.remove(this);
        super.doStop();
    }

    static String trimSlash(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
