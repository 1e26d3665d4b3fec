package dev.mehari.client.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** A client library as its users use it, for what the table asks of each. Safe for many threads; it never tries twice. */
interface RealClient extends AutoCloseable {
    ObjectMapper JSON = new ObjectMapper();

    /** The JSON schema of the one tool. */
    String WEATHER = """
            {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
             "required":["city","days"],"additionalProperties":false}""";

    /**
     * What came of a call.
     *
     * @param finish why it ended, in the client's own word
     * @param prompt tokens of it, those from the cache included
     * @param cached -1: the client does not tell
     */
    record Heard(String text, String finish, long prompt, long cached, long said) {}

    /** What structured output is asked for. */
    class Person {
        public String name;
        public int age;
        public List<String> tags;
    }

    Heard ask(String model, String order, boolean stream) throws Exception;

    /** Asks for the weather, answers both calls of the tool with {@link #weather}, and returns what is said then. */
    Heard weather(String model, boolean stream) throws Exception;

    /** Asks for a person by the schema of {@link Person}. */
    Person person(String model) throws Exception;

    /** Shows a PNG. */
    Heard look(String model, byte[] png) throws Exception;

    /** Asks for a stream, and goes away when its first words have come. */
    void leave(String model, String order) throws Exception;

    /** The exception that the library has for a status; for 200, when the stream says in its middle that it failed. */
    Class<? extends Throwable> typed(int status, boolean stream);

    /** What such an exception says. */
    default String told(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    @Override
    default void close() {}

    /** What the tool says to the arguments of a call. */
    static String weather(String arguments) {
        try {
            JsonNode asked = JSON.readTree(arguments);
            return "sun in " + asked.path("city").asText() + " for "
                    + asked.path("days").intValue();
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("the arguments are no JSON: " + arguments, wrong);
        }
    }

    static Person parsed(String json) {
        try {
            return JSON.readValue(json, Person.class);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("this is nobody: " + json, wrong);
        }
    }
}
