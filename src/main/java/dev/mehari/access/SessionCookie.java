package dev.mehari.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cookie that holds the token of an admin's session, as headers have it. */
public final class SessionCookie {
    static final String NAME = "mehari_session";

    private SessionCookie() {}

    /**
     * The token in a request.
     *
     * @param cookies its {@code Cookie} headers: HTTP/2 may cut one into several
     * @return null when there is none
     */
    public static @Nullable String in(List<String> cookies) {
        for (String header : cookies) {
            for (String cookie : header.split(";")) {
                String pair = cookie.strip();
                if (pair.startsWith(NAME + "=")) {
                    return pair.substring(NAME.length() + 1);
                }
            }
        }
        return null;
    }

    /** The {@code Set-Cookie} header that brings a token to the browser. No script sees it, no other site sends it. */
    public static String set(String token, boolean secure) {
        return write(token, AdminSessions.LIFE.toSeconds(), secure);
    }

    /** The {@code Set-Cookie} header that takes it away. */
    public static String clear(boolean secure) {
        return write("", 0, secure);
    }

    private static String write(String token, long seconds, boolean secure) {
        return NAME + "=" + token + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }
}
