package dev.mehari.transport;

import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;

/** One {@code platform-http:} endpoint that a route starts from: a path, its methods, and the route behind it. */
final class Door extends DefaultConsumer implements PlatformHttpConsumer {
    private final HttpDoors doors;
    private final String path;
    private final boolean prefix;
    private final List<String> methods;

    Door(PlatformHttpEndpoint endpoint, Processor route, HttpDoors doors) {
        super(endpoint, route);
        this.doors = doors;
        this.path = trimSlash(endpoint.getPath());
        this.prefix = endpoint.isMatchOnUriPrefix();
        String restrict = endpoint.getHttpMethodRestrict();
        this.methods = restrict == null || restrict.isBlank()
                ? List.of()
                : List.of(restrict.toUpperCase(Locale.ROOT).split("\\s*,\\s*"));
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    String path() {
        return path;
    }

    List<String> methods() {
        return methods;
    }

    boolean opensAt(String asked) {
        return asked.equals(path) || (prefix && asked.startsWith(path) && asked.charAt(path.length()) == '/');
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
        doors.close(this);
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
