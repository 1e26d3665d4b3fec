package dev.mehari.dashboard;

import dev.mehari.transport.ClientRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What goes out with every file of the page. */
final class PageHeaders {
    /**
     * Nothing but our own files runs, loads or frames; and no script may make markup of text (trusted types), so that
     * what clients send stays text even where the page has a fault.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private PageHeaders() {}

    static void set(Message out) {
        out.setHeader("content-security-policy", POLICY);
        out.setHeader("x-content-type-options", "nosniff");
        out.setHeader("x-frame-options", "DENY");
        out.setHeader("referrer-policy", "no-referrer");
        out.setHeader("cross-origin-opener-policy", "same-origin");
        out.setHeader("cross-origin-resource-policy", "same-origin");
    }

    /** The file itself, compressed for those who take it, or that the browser has it already. */
    static void answer(Exchange exchange, Asset asset, String caching) {
        ClientRequest request = ClientRequest.of(exchange);
        Message out = exchange.getMessage();
        set(out);
        out.setHeader("cache-control", caching);
        out.setHeader("etag", asset.etag());
        out.setHeader("vary", "accept-encoding");
        if (asset.etag().equals(request.header("if-none-match"))) {
            out.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            out.setBody(new byte[0]);
            return;
        }
        out.setHeader("content-type", asset.contentType());
        String takes = request.header("accept-encoding");
        if (takes != null && takes.contains("gzip")) {
            out.setHeader("content-encoding", "gzip");
            out.setBody(asset.gzip());
        } else {
            out.setBody(asset.plain());
        }
    }
}
