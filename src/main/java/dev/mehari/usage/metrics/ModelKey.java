package dev.mehari.usage.metrics;

import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.GenAi;
import dev.mehari.usage.ModelNames;
import io.micrometer.core.instrument.Tags;

/** A model at a provider, asked for one kind of operation: what most meters are told apart by. */
record ModelKey(String operation, String provider, String protocol, String model) {
    static ModelKey of(CallRecord call, AttemptRecord attempt, ModelNames models) {
        return new ModelKey(call.operation(), attempt.provider(), attempt.protocol(), models.of(attempt));
    }

    Tags tags() {
        return Tags.of(
                GenAi.OPERATION.getKey(),
                operation,
                GenAi.PROVIDER.getKey(),
                GenAi.provider(protocol, provider),
                GenAi.REQUEST_MODEL.getKey(),
                model,
                "provider",
                provider);
    }
}
