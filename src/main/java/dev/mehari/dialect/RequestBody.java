package dev.mehari.dialect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import java.io.IOException;
import java.util.Arrays;

/** Reads the body of a request as one JSON object, and says what is wrong when it is none. Stateless and thread-safe. */
public final class RequestBody {
    private RequestBody() {}

    /**
     * Reads the object in a single pass.
     *
     * @param body as the client sent it; a byte order mark is dropped
     * @param reader looks into each field as it comes by
     * @throws InvalidRequest the body is no JSON object in UTF-8, or the reader refuses a field
     */
    public static JsonObject read(byte[] body, JsonObject.FieldReader reader) {
        byte[] bytes = withoutMark(body);
        try (JsonParser parser = Json.FACTORY.createParser(bytes)) {
            JsonObject object = JsonObject.read(bytes, parser, reader);
            if (parser.nextToken() != null) {
                throw notJson("there is more after the object", parser.currentLocation());
            }
            return object;
        } catch (JsonObject.NotAnObject other) {
            throw new InvalidRequest(null, "the request body must be a JSON object");
        } catch (JacksonException broken) {
            throw notJson(broken);
        } catch (IOException impossible) {
            throw new InvalidRequest(null, "the request body could not be read");
        }
    }

    /** UTF-16 and UTF-32 are refused, as offsets into them would be wrong. */
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

    private static InvalidRequest notJson(JacksonException broken) {
        if (broken instanceof StreamConstraintsException) {
            // Thrown without a location, and its own words speak of Java classes.
            return new InvalidRequest(
                    null,
                    "the request body goes beyond what JSON is read: nesting of 1000, numbers of 1000 digits, strings of"
                            + " 256 MiB, names of 50000 characters");
        }
        return notJson(what(broken), broken.getLocation());
    }

    private static String what(JacksonException broken) {
        return broken instanceof JsonEOFException
                ? "it ends early"
                : broken.getOriginalMessage().lines().findFirst().orElse("");
    }

    private static InvalidRequest notJson(String what, JsonLocation at) {
        return new InvalidRequest(
                null,
                "the request body is not valid JSON: " + what + " (line " + at.getLineNr() + ", column "
                        + at.getColumnNr() + ")");
    }
}
