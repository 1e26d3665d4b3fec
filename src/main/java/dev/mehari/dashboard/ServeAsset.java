package dev.mehari.dashboard;

import dev.mehari.chat.GatewayException.HttpFault;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code serveAsset}: a script, style or picture of the page; browsers keep it, as its path changes with it. */
@Component
final class ServeAsset implements Processor {
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";

    private final Assets assets;

    ServeAsset(Assets assets) {
        this.assets = assets;
    }

    @Override
    public void process(Exchange exchange) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        Asset asset = assets.part(path);
        if (asset == null) {
            throw new HttpFault(404, "unknown_url", "Unknown path: GET " + path);
        }
        PageHeaders.answer(exchange, asset, FOR_GOOD);
    }
}
