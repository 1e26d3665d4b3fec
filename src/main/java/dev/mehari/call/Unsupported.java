package dev.mehari.call;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.RequestField;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
import java.util.List;

/** What a request asks for and the provider of an attempt cannot serve: refused by the client's name for it. */
final class Unsupported {
    private Unsupported() {}

    /** @throws InvalidRequest it asks for what only a provider of the client's own API has */
    static void refuseOwn(Dialect dialect, Ask ask) {
        List<String> own = dialect.ownOnly(ask.request());
        if (!own.isEmpty()) {
            throw new InvalidRequest(
                    "unsupported_parameter",
                    own.getFirst(),
                    String.join(", ", own) + ": not supported by provider \""
                            + ask.provider().name() + "\", which does not speak this API itself");
        }
    }

    /** @throws InvalidRequest it offers a tool that the provider is to run */
    static void refuseBuiltInTools(ChatRequest request, Ask ask) {
        RequestField field = RequestField.BUILT_IN_TOOLS;
        if (field.isIn(request)) {
            throw new InvalidRequest(
                    "unsupported_parameter",
                    field.title(),
                    field.title() + " is not supported by provider \""
                            + ask.provider().name() + "\": it runs no tools");
        }
    }

    /** A field that the provider cannot serve is refused by its name in the chat dialect. */
    static GatewayException inClientsWords(GatewayException refused, Dialect dialect) {
        String param = refused.param();
        String named = param == null ? null : dialect.fields().named(param);
        if (!(refused instanceof InvalidRequest) || param == null || named == null || named.equals(param)) {
            return refused;
        }
        String words = refused.text().replace(param, named);
        return new InvalidRequest(refused.status(), refused.type(), refused.code(), named, words);
    }
}
