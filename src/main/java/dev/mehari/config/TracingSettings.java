package dev.mehari.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mehari.tracing}: where calls are told as OpenTelemetry spans. Nowhere by default. Immutable.
 *
 * @param endpoint of an OTLP/HTTP backend; {@code /v1/traces} is added. Null: none
 * @param headers sent to it, as {@code OTEL_EXPORTER_OTLP_HEADERS} has them: {@code name=value,name=value}, values encoded
 *     as in an address
 * @param serviceName {@code service.name} of the spans
 * @param propagateTo the providers whose requests carry {@code traceparent}
 * @param queue how many calls may wait to be sent; further ones are dropped and counted
 * @param langfuse a Langfuse project
 */
public record TracingSettings(
        @Nullable String endpoint,
        @Nullable String headers,
        @DefaultValue("mehari") String serviceName,
        List<String> propagateTo,
        @DefaultValue("2048") int queue,
        @DefaultValue Langfuse langfuse) {

    public TracingSettings {
        endpoint = MehariSettings.blankToNull(endpoint);
        headers = MehariSettings.blankToNull(headers);
        propagateTo = propagateTo == null ? List.of() : List.copyOf(propagateTo);
    }

    /** Whether spans go anywhere. */
    public boolean isOn() {
        return endpoint != null || langfuse.isOn();
    }

    /** @throws StartupException an address is none, or Langfuse's keys are not both there */
    public void require() {
        requireHttp("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
        requireHttp("LANGFUSE_BASE_URL", langfuse.baseUrl());
        if ((langfuse.publicKey() == null) != (langfuse.secretKey() == null)) {
            String missing = langfuse.publicKey() == null ? "LANGFUSE_PUBLIC_KEY" : "LANGFUSE_SECRET_KEY";
            throw new StartupException(
                    missing + " is not set, and the other of Langfuse's keys is",
                    "Set " + missing + " as well, or neither.");
        }
    }

    private static void requireHttp(String variable, @Nullable String address) {
        if (address != null && !address.matches("(?i)https?://[^/\\s]+.*")) {
            throw new StartupException(
                    variable + " is \"" + address + "\", which is no http or https URL",
                    "Begin it with http:// or https://, or leave it out.");
        }
    }

    /**
     * @param publicKey {@code pk-lf-…}; null: nothing goes to Langfuse
     * @param secretKey {@code sk-lf-…}
     * @param baseUrl of the server
     * @param legacy whether to use the batch API, which servers before 3.22 have instead of OTLP
     */
    public record Langfuse(
            @Nullable String publicKey,
            @Nullable String secretKey,
            @DefaultValue("https://cloud.langfuse.com") String baseUrl,
            @DefaultValue("false") boolean legacy) {
        private static final String CLOUD = "https://cloud.langfuse.com";

        public Langfuse {
            publicKey = MehariSettings.blankToNull(publicKey);
            secretKey = MehariSettings.blankToNull(secretKey);
            baseUrl = MehariSettings.isBlank(baseUrl) ? CLOUD : baseUrl.strip().replaceAll("/+$", "");
        }

        public boolean isOn() {
            return publicKey != null && secretKey != null;
        }
    }

    /** {@code name=value,…} as a map. Parts without {@code =} are left out. */
    public static Map<String, String> headers(@Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : text == null ? new String[0] : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String value = pair.substring(equals + 1).strip();
                headers.put(
                        pair.substring(0, equals).strip(),
                        // A plus is a plus: base64 is full of them.
                        URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }
}
