package dev.mehari.dialect.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EmbeddingsRequest.Form;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.Vectors;
import java.util.List;

/** Writes embeddings as OpenAI's list object. Stateless and thread-safe. */
final class EmbeddingsResponseWriter {
    private EmbeddingsResponseWriter() {}

    static byte[] write(EmbeddingsResponse response, Form form) {
        List<float[]> vectors = response.vectors();
        int floats = vectors.isEmpty() ? 0 : vectors.size() * vectors.getFirst().length;
        ByteSink out = new ByteSink(256 + floats * (form == Form.BASE64 ? 6 : 13));
        out.write("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < vectors.size(); i++) {
            out.write(i == 0 ? "{" : ",{").write("\"object\":\"embedding\",\"index\":");
            Vectors.write(vectors.get(i), form, out.write(Integer.toString(i)).write(",\"embedding\":"));
            out.write('}');
        }
        Json.quote(response.model(), out.write("],\"model\":"));
        Usage usage = response.usage();
        // Unknown counts are left out: a made-up one would be billed.
        if (usage != null && usage.promptTokens() != null) {
            String tokens = usage.promptTokens().toString();
            out.write(",\"usage\":{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens + "}");
        }
        JsonNode own = response.providerFields();
        if (own != null) {
            out.write(",\"provider_fields\":").write(Json.bytes(own));
        }
        return out.write('}').take();
    }
}
