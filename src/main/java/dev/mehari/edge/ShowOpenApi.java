package dev.mehari.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code showOpenApi}: the description of all doors, {@code openapi.json} on the class path. Thread-safe. */
@Component
final class ShowOpenApi implements Processor {
    private final byte[] document = read();

    private static byte[] read() {
        try (InputStream in = ShowOpenApi.class.getResourceAsStream("/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setHeader("cache-control", "no-cache");
        exchange.getMessage().setBody(document);
    }
}
