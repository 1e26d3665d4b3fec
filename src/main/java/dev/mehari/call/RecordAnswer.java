package dev.mehari.call;

import dev.mehari.cache.CacheKey;
import dev.mehari.chat.Answer;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.EmbeddingsRequest.Input;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code recordAnswer}: a whole answer is kept; that of a stream will be, when it has come to a good end. Those who
 * ask the same meanwhile get it from here on.
 */
@Component
final class RecordAnswer implements Processor {
    private final AnswerKeeper keeper;

    RecordAnswer(AnswerKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Recall recall = call.recall();
        if (recall == null || recall.keys().isEmpty()) {
            return;
        }
        Supplier<EmbeddingsRequest> asked = call.asked().embeddings();
        if (asked == null) {
            if (recall.keeps() || recall.flight() != null) {
                keeper.answered(call, recall);
            }
        } else if (call.attempts().latest().answer() instanceof Answer answer) {
            vectors(call, recall, asked.get().inputs(), answer);
        }
    }

    private void vectors(Call call, Recall recall, List<Input> asked, Answer answer) {
        List<float[]> vectors = VectorsReader.read(answer, asked.size());
        RecalledVectors found = recall.vectors();
        if (vectors == null) {
            if (found != null) {
                throw new UpstreamProtocol("provider \""
                        + call.attempts().latest().ask().provider().name()
                        + "\" did not answer with one vector for each input");
            }
            return;
        }
        List<CacheKey> keys = found == null ? recall.keys() : found.missing();
        List<Integer> lengths = new ArrayList<>(asked.size());
        asked.forEach(input -> lengths.add(length(input)));
        keeper.keepVectors(recall, call.attempts().latest(), keys, lengths, vectors, answer.usage());
        if (found != null) {
            recall.answered(found.joined(call, vectors, answer.usage()), null);
        }
    }

    private static int length(Input input) {
        return switch (input) {
            case Input.Text(var text) -> text.length();
            case Input.Tokens(var ids) -> ids.size();
        };
    }
}
