package dev.mehari.transport;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What a route sees of a request, and what of its exchange becomes the answer: the body (bytes, text, a stream of bytes,
 * an {@link AnswerStream} or an {@link EventFeed}), {@code CamelHttpResponseCode}, and the headers the route itself has set.
 */
final class RouteExchange {
    /** The exchange property that holds the {@link ClientExchange}. */
    static final String CLIENT = "client";

    /** The exchange property that holds what the path has for each {@code {name}} of the door's, a map. */
    static final String PATH = "path";

    /** The exchange property that holds the query parameters, a map. */
    static final String QUERY = "query";

    private RouteExchange() {}

    static void fill(Exchange exchange, Door door, ClientExchange client) {
        Message in = exchange.getMessage();
        ClientRequest request = client.request();
        in.setBody(request.body());
        for (Map.Entry<String, String> header : request.headers()) {
            // A client must not steer Camel: names in Camel's own space stay outside.
            if (!isCamelName(header.getKey())) {
                in.setHeader(header.getKey(), header.getValue());
            }
        }
        in.setHeader(Exchange.HTTP_METHOD, request.method());
        in.setHeader(Exchange.HTTP_PATH, request.path());
        exchange.setProperty(CLIENT, client);
        // Not as headers, as other engines have it: what a client puts into a URL would come back as answer headers.
        exchange.setProperty(QUERY, request.query());
        exchange.setProperty(PATH, door.parameters(request.path()));
    }

    static void answer(Exchange exchange, ClientExchange client) throws Exception {
        Message out = exchange.getMessage();
        Object body = out.getBody();
        if (body instanceof AnswerStream stream) {
            client.answer(answerHeaders(out, client.request()), stream);
        } else if (body instanceof EventFeed feed) {
            client.answer(answerHeaders(out, client.request()), feed);
        } else if (body instanceof ErrorAnswer error) {
            client.answer(error);
        } else {
            Integer status = out.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
            client.answer(status == null ? 200 : status, answerHeaders(out, client.request()), bytes(exchange, body));
        }
    }

    private static byte[] bytes(Exchange exchange, Object body) throws Exception {
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        if (body instanceof InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            }
        }
        return body == null
                ? new byte[0]
                : exchange.getContext().getTypeConverter().mandatoryConvertTo(byte[].class, exchange, body);
    }

    /** The headers that did not come in with the request. */
    private static List<Map.Entry<String, String>> answerHeaders(Message out, ClientRequest request) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(4);
        for (Map.Entry<String, Object> header : out.getHeaders().entrySet()) {
            String name = header.getKey();
            Object value = header.getValue();
            if (value != null && !isCamelName(name) && !isTheClients(request, name, value)) {
                headers.add(Map.entry(name.toLowerCase(Locale.ROOT), value.toString()));
            }
        }
        return headers;
    }

    /** By identity: a route may set a header to what the client happens to have sent. */
    private static boolean isTheClients(ClientRequest request, String name, Object value) {
        String first = request.headers().get(name);
        if (first == null || value == first) {
            return first != null;
        }
        // A header may come several times; the route sees the last one.
        for (String sent : request.headers().getAll(name)) {
            if (value == sent) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCamelName(String name) {
        return name.regionMatches(true, 0, "camel", 0, 5) || name.regionMatches(true, 0, "org.apache.camel.", 0, 17);
    }
}
