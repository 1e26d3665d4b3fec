package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.Plan.Door;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The list of models and embeddings: doors that an endpoint may have beside chat. */
final class DoorCases implements Cases {
    private static final Demand LIST = Demand.must(
            "models.list",
            "GET /models is a list of objects with id, object \"model\", created and owned_by",
            "openai-chat 11.1",
            "write all four fields; clients list models before they ask one");
    private static final Demand ONE = Demand.should(
            "models.one", "GET /models/{id} is one of them", "openai-chat 11.1", "answer it for each id of the list");
    private static final Demand NONE = Demand.must(
            "models.unknown",
            "GET /models/{id} of a model that does not exist is 404",
            "openai-chat 11.1",
            "answer 404 with code model_not_found");
    private static final Demand VECTOR = Demand.must(
            "embeddings.vectors",
            "each text has an embedding of numbers, in order and of the same length",
            "openai-chat 11.2",
            "write data[] with object \"embedding\", index and embedding");
    private static final Demand BASE64 = Demand.must(
            "embeddings.base64",
            "encoding_format base64 gives little-endian floats of the same length",
            "openai-chat 11.2",
            "OpenAI's Python SDK always asks for base64; encode the floats where the model gives numbers");
    private static final Demand USAGE = Demand.must(
            "embeddings.usage",
            "usage has prompt_tokens and total_tokens",
            "openai-chat 11.2",
            "count the tokens of all texts");

    @Override
    public String title() {
        return "models and embeddings";
    }

    @Override
    public List<Demand> demands() {
        return List.of(LIST, ONE, NONE, VECTOR, BASE64, USAGE);
    }

    @Override
    public void check(Session session) {
        models(session);
        embeddings(session);
    }

    private static void models(Session session) {
        Sheet sheet = session.sheet();
        Answer list = session.endpoint().send(Ask.get("/models"));
        if (!Doors.there(session, Door.MODELS, list, List.of(LIST, ONE, NONE))) {
            return;
        }
        JsonNode models = list.json().path("data");
        boolean good = list.ok() && list.json().path("object").asText().equals("list") && models.isArray();
        for (JsonNode model : models) {
            good &= model.path("id").isTextual()
                    && model.path("object").asText().equals("model")
                    && StreamOrder.seconds(model.path("created"))
                    && model.path("owned_by").isTextual();
        }
        sheet.judge(LIST, good, list::excerpt);
        if (models.isEmpty()) {
            sheet.unchecked(List.of(ONE), "the list is empty");
        } else {
            String id = models.path(0).path("id").asText();
            Answer one = session.endpoint().send(Ask.get("/models/" + encoded(id)));
            sheet.judge(ONE, one.json().path("id").asText().equals(id), one::excerpt);
        }
        Answer none = session.endpoint().send(Ask.get("/models/mehari-conformance-no-such-model"));
        sheet.judge(NONE, none.status() == 404, none::excerpt);
    }

    private static void embeddings(Session session) {
        Sheet sheet = session.sheet();
        Answer floats = session.endpoint().send(Ask.post("/embeddings", request(session, "float")));
        if (!Doors.there(session, Door.EMBEDDINGS, floats, List.of(VECTOR, BASE64, USAGE))) {
            return;
        }
        JsonNode data = floats.json().path("data");
        int length = data.path(0).path("embedding").size();
        boolean good = floats.ok() && data.size() == 2 && length > 0;
        for (int i = 0; i < data.size(); i++) {
            JsonNode vector = data.path(i).path("embedding");
            good &= data.path(i).path("index").asInt(-1) == i && vector.size() == length;
            for (JsonNode number : vector) {
                good &= number.isNumber();
            }
        }
        sheet.judge(VECTOR, good, floats::excerpt);
        JsonNode usage = floats.json().path("usage");
        boolean counted = usage.path("prompt_tokens").isIntegralNumber()
                && usage.path("total_tokens").isIntegralNumber();
        sheet.judge(USAGE, counted, () -> "usage is " + usage);
        Answer encoded = session.endpoint().send(Ask.post("/embeddings", request(session, "base64")));
        JsonNode text = encoded.json().path("data").path(0).path("embedding");
        sheet.judge(BASE64, Doors.bytes(text) == 4 * length, encoded::excerpt);
    }

    private static String request(Session session, String format) {
        String model = session.plan().embeddingsModel();
        return new Prompts(model == null ? session.prompts().model() : model).ask("", body -> {
            body.remove("messages");
            body.putArray("input").add("a river").add("the sea");
            body.put("encoding_format", format);
        });
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
