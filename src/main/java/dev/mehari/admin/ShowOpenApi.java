package dev.mehari.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code showOpenApi}: the description of the admin API, {@code admin/openapi.json} on the class path. */
@Component
final class ShowOpenApi implements Processor {
    private final byte[] document = read();

    private static byte[] read() {
        try (InputStream in = ShowOpenApi.class.getResourceAsStream("/admin/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("admin/openapi.json is missing");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void process(Exchange exchange) {
        AdminJson.answer(exchange, 200, "application/json", document);
    }
}
