package dev.mehari.testing;

import dev.mehari.testing.ScriptedUpstream.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks a request's signature as AWS does, from what arrived on the wire. Source: AWS IAM User Guide, "Create a signed AWS
 * API request", read 2026-11-21.
 */
public final class SignedRequest {
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, "
                    + "SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

    private final Request request;
    private final Matcher told;

    public SignedRequest(Request request) {
        this.request = request;
        this.told = AUTHORIZATION.matcher(String.valueOf(request.header("authorization")));
        if (!told.matches()) {
            throw new AssertionError("not signed: " + request.header("authorization"));
        }
    }

    public String accessKeyId() {
        return told.group(1);
    }

    public String region() {
        return told.group(3);
    }

    public String service() {
        return told.group(4);
    }

    public String signedHeaders() {
        return told.group(5);
    }

    /** Whether the signature is that of this very request with that key. */
    public boolean isValid(String secret) {
        String scope = told.group(2) + "/" + region() + "/" + service() + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + request.header("x-amz-date") + "\n" + scope + "\n"
                + hex(sha256(canonical().getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return hex(hmac(key, toSign)).equals(told.group(6));
    }

    private String canonical() {
        String headers = Arrays.stream(signedHeaders().split(";"))
                .map(name -> name + ":" + request.header(name).strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        String[] target = request.path().split("\\?", 2);
        String path = Arrays.stream(target[0].split("/", -1))
                .map(SignedRequest::encoded)
                .collect(Collectors.joining("/"));
        return request.method() + "\n" + path + "\n" + (target.length > 1 ? target[1] : "") + "\n" + headers + "\n"
                + signedHeaders() + "\n" + hex(sha256(request.body().getBytes(StandardCharsets.UTF_8)));
    }

    private static String encoded(String segment) {
        StringBuilder out = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "-_.~".indexOf(b) >= 0);
            out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
        }
        return out.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
