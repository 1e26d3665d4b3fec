package dev.mehari.dialect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A client's request body on its first reading, the same for every dialect: one JSON object in UTF-8, or a clear no.
 *
 * @param limits of its JSON
 */
public record RequestBody(byte[] bytes, JsonLimits limits) {
    /** Advice to set another option of the parser, with which its messages end. */
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile("(: enable `| \\(not recognized as ).*");

    /** Within the limits that hold where no settings say otherwise. */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, JsonLimits.DEFAULT);
    }

    /**
     * Reads the body once.
     *
     * @param fields looks into the top-level fields as they pass
     * @throws InvalidRequest it is no JSON object; says why and where
     */
    public JsonObject scan(JsonObject.FieldReader fields) {
        byte[] text = withoutMark(bytes);
        try (JsonParser parser = limits.factory().createParser(text)) {
            JsonObject object = JsonObject.first(text, parser, fields);
            if (parser.nextToken() != null) {
                throw notJson("there is more after the object", parser);
            }
            return object;
        } catch (JsonObject.NotAnObject other) {
            throw new InvalidRequest(null, "the request body must be a JSON object");
        } catch (JacksonException broken) {
            throw refused(broken);
        } catch (IOException impossible) {
            throw new InvalidRequest(null, "the request body could not be read");
        }
    }

    /** A byte order mark is dropped; UTF-16 and UTF-32 are refused, as offsets into them would be wrong. */
    private static byte[] withoutMark(byte[] body) {
        if (body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF) {
            return Arrays.copyOfRange(body, 3, body.length);
        }
        if (body.length >= 2 && (body[0] == 0 || body[1] == 0 || (body[0] & 0xFE) == 0xFE)) {
            throw new InvalidRequest(null, "the request body must be UTF-8");
        }
        if (body.length == 0) {
            throw new InvalidRequest(null, "the request body is empty: send a JSON object");
        }
        return body;
    }

    private InvalidRequest refused(JacksonException broken) {
        if (broken instanceof StreamConstraintsException) {
            // Thrown without a location, and its own words speak of Java classes.
            return new InvalidRequest(null, "the request body goes beyond what JSON is read: " + limits.told());
        }
        return new InvalidRequest(
                null,
                "the request body is not valid JSON: " + what(broken) + " (line "
                        + broken.getLocation().getLineNr() + ", column "
                        + broken.getLocation().getColumnNr() + ")");
    }

    private static String what(JacksonException broken) {
        return broken instanceof JsonEOFException
                ? "it ends early"
                : FOR_PROGRAMMERS
                        .matcher(broken.getOriginalMessage().lines().findFirst().orElse(""))
                        .replaceFirst("");
    }

    private static InvalidRequest notJson(String what, JsonParser at) {
        return new InvalidRequest(
                null,
                "the request body is not valid JSON: " + what + " (line "
                        + at.currentLocation().getLineNr() + ", column "
                        + at.currentLocation().getColumnNr() + ")");
    }
}
