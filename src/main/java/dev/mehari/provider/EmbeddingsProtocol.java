package dev.mehari.provider;

import dev.mehari.chat.Answer;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.List;

/**
 * How a wire protocol is asked for embeddings, by the same steps as for chats: {@code openAiEncode} puts the requests
 * into the body as a list, {@code callUpstream} makes a list of answers of it, {@code openAiDecode} joins them. Stateless
 * and thread-safe; pure translation, no I/O.
 */
public interface EmbeddingsProtocol {
    /**
     * Writes {@code ask.embeddings()} for the provider: one request, or several when it takes fewer inputs at
     * once than the client has sent.
     *
     * @throws GatewayException.InvalidRequest the provider cannot serve a field of it, by name
     */
    EncodedEmbeddings encode(Ask ask);

    /**
     * Makes the client's answer of the providers', which have 2xx statuses.
     *
     * @param answers one for each request, in their order
     * @throws GatewayException an error after all, or no answer of this protocol
     */
    Answer decode(Ask ask, List<UpstreamResponse> answers);

    /**
     * How the ask's provider is asked.
     *
     * @throws ModelNotFound its protocol has no embeddings
     */
    static EmbeddingsProtocol of(Protocol protocol, Ask ask) {
        EmbeddingsProtocol embeddings = protocol.embeddings();
        if (embeddings == null) {
            throw none(ask);
        }
        return embeddings;
    }

    /** That there are none; another deployment of the group may have them. */
    static ModelNotFound none(Ask ask) {
        return new ModelNotFound(
                "provider \"" + ask.provider().name() + "\" has no embeddings; ask for a model of another provider");
    }

    /**
     * Requests ready to send.
     *
     * @param requests at least one, independent of each other
     * @param dropped fields of the client's that the provider does not take
     */
    record EncodedEmbeddings(List<UpstreamRequest> requests, List<String> dropped) {
        public EncodedEmbeddings {
            requests = List.copyOf(requests);
            dropped = List.copyOf(dropped);
        }
    }
}
