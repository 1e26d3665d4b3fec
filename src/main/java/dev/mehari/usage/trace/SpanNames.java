package dev.mehari.usage.trace;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** Attributes of OpenTelemetry's general conventions, and the gateway's own. docs/observability.md explains each. */
final class SpanNames {
    static final AttributeKey<String> USER = stringKey("user.id");
    static final AttributeKey<String> SESSION = stringKey("session.id");
    static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    static final AttributeKey<String> DIALECT = stringKey("mehari.dialect");
    static final AttributeKey<String> REQUEST_ID = stringKey("mehari.request.id");
    static final AttributeKey<String> KEY = stringKey("mehari.key");
    static final AttributeKey<String> TEAM = stringKey("mehari.team");
    static final AttributeKey<String> CACHE = stringKey("mehari.cache");
    static final AttributeKey<Long> ATTEMPTS = longKey("mehari.attempts");
    static final AttributeKey<Double> OVERHEAD = doubleKey("mehari.overhead");
    static final AttributeKey<List<String>> DROPPED = stringArrayKey("mehari.dropped_params");
    static final AttributeKey<Boolean> CLIENT_GONE = booleanKey("mehari.client_gone");
    static final AttributeKey<String> PROVIDER = stringKey("mehari.provider");
    static final AttributeKey<String> PROVIDER_REQUEST_ID = stringKey("mehari.provider_request_id");
    static final AttributeKey<String> DEPLOYMENT = stringKey("mehari.deployment");
    static final AttributeKey<Long> ATTEMPT = longKey("mehari.attempt");
    static final AttributeKey<Boolean> NEW_CONNECTION = booleanKey("mehari.connection.new");

    private SpanNames() {}
}
