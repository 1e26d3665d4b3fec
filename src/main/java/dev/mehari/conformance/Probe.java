package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/** The first question: whether there is an endpoint at all that can be checked. */
final class Probe {
    private Probe() {}

    /** @throws Unreachable there is none: nothing listens, it is something else, or it refuses the key or the model */
    static void ask(Endpoint endpoint) throws Unreachable {
        Target target = endpoint.target();
        Answer answer = endpoint.send(Ask.post("/chat/completions", new Prompts(target.model()).hello()));
        if (answer.status() == 0) {
            throw new Unreachable(target.base() + ": " + answer.failure());
        }
        JsonNode body = answer.json();
        boolean chat = body.has("choices") || body.path("object").asText().equals("chat.completion");
        if (answer.status() == 200 && chat) {
            return;
        }
        throw new Unreachable(target.uri("/chat/completions") + " " + target.masked(why(answer, target)));
    }

    private static String why(Answer answer, Target target) {
        if (answer.status() / 100 == 3) {
            return "sends elsewhere (" + answer.status() + "): give the address itself, " + answer.header("location");
        }
        JsonNode error = answer.json().path("error");
        String said = error.path("message").isTextual()
                ? error.path("message").asText()
                : error.isTextual() ? error.asText() : "";
        if (said.isEmpty()) {
            String version = target.base().matches(".*/v\\d+[a-z]*") ? "" : "; is it " + target.base() + "/v1?";
            return "is no chat endpoint as OpenAI's: " + answer.excerpt() + version;
        }
        String told = "answers " + answer.status() + ": " + Answer.cut(said);
        return switch (answer.status()) {
            case 401, 403 -> told + (target.key() == null ? "; give --key" : "; is the key right?");
            case 404 -> told + "; is \"" + target.model() + "\" the right --model?";
            default -> told + "; it must answer a short question before it can be checked";
        };
    }
}
