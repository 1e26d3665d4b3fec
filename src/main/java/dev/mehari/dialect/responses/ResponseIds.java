package dev.mehari.dialect.responses;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of responses. Who knows one can ask for the response, with the key that made it; so none can be guessed. */
final class ResponseIds {
    private static final int BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ResponseIds() {}

    static String next() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return "resp_" + HexFormat.of().formatHex(random);
    }
}
