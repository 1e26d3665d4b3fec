package dev.mehari.call;

import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Provider;
import dev.mehari.routing.FailureClass;
import dev.mehari.transport.ClientExchange;
import dev.mehari.transport.ClientRequest;
import dev.mehari.transport.Refusal;
import dev.mehari.transport.UpstreamTarget;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.CallObserver;
import dev.mehari.usage.CallRecord;
import dev.mehari.usage.CallTimes;
import dev.mehari.usage.ErrorType;
import dev.mehari.usage.PlainText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Makes the record of each call when it is over and shows it to everyone who observes. Thread-safe. */
@Component
public final class CallRecorder {
    private static final Logger log = LoggerFactory.getLogger(CallRecorder.class);

    /** Names and ids of clients; what is longer is none. */
    static final int LONGEST_NAME = 200;

    static final int LONGEST_MESSAGE = 1000;

    private final List<CallObserver> observers;
    private final CallBilling billing;
    private final InstantSource clock;

    CallRecorder(ObjectProvider<CallObserver> observers, CallBilling billing, InstantSource clock) {
        this.billing = billing;
        this.observers = observers.orderedStream().toList();
        this.clock = clock;
    }

    /** A call came to its end. */
    void ended(CallNotes notes) {
        try {
            Long nanos = billing.settle(notes);
            Call call = notes.call();
            tell(record(notes, nanos), call == null || isSecret(notes) ? null : call.request());
        } catch (RuntimeException defect) {
            log.error(
                    "the record of [{}] could not be made",
                    notes.client().request().id(),
                    defect);
        }
    }

    /** What its key says is to be kept nowhere. */
    private static boolean isSecret(CallNotes notes) {
        return notes.caller().policy().noLog();
    }

    /** A call that no route has seen: too large, say. Unknown paths and methods are no calls. */
    public void refused(Refusal refusal) {
        int status = refusal.fault().status();
        if (refusal.method().equals("POST") && status != 404 && status != 405 && !observers.isEmpty()) {
            tell(record(refusal), null);
        }
    }

    private void tell(CallRecord record, @Nullable RequestFacts request) {
        for (CallObserver observer : observers) {
            try {
                observer.ended(record, request);
            } catch (RuntimeException defect) {
                log.error("an observer failed at [{}]", record.requestId(), defect);
            }
        }
    }

    private CallRecord record(CallNotes notes, @Nullable Long costNanoUsd) {
        ClientExchange client = notes.client();
        ClientRequest request = client.request();
        Call call = notes.call();
        List<Attempt> attempts = call == null ? List.of() : call.attempts().all();
        List<AttemptRecord> told = new ArrayList<>(attempts.size() + 1);
        for (Attempt attempt : attempts) {
            told.add(record(attempt, call != null && call.attempts().wasOvertaken(attempt)));
        }
        GatewayException failure = failure(client, attempts, told);
        AttemptRecord beside = notes.beside();
        if (beside != null) {
            told.add(beside);
        }
        CallTimes times = new CallTimes(
                request.receivedNanos(),
                request.readNanos(),
                notes.admittedNanos(),
                client.firstByteNanos(),
                client.doneNanos());
        Attempt served = served(attempts, told);
        Usage usage = served == null ? call == null ? null : call.usage() : served.usage();
        return new CallRecord(
                request.id(),
                received(times),
                call == null ? Doors.dialect(request.path()) : call.dialect().name(),
                operation(request.path(), call),
                call == null ? null : nameOf(call.request().model()),
                call != null && call.request().stream(),
                notes.caller().tenant(),
                notes.caller().team(),
                call == null ? null : nameOf(CallSession.user(call.request().raw())),
                call == null ? null : nameOf(call.session()),
                nameOf(request.header("traceparent")),
                List.copyOf(told),
                client.status(),
                failure == null ? null : ErrorType.of(failure, isProviders(failure, attempts)),
                failure == null ? null : PlainText.of(failure.text(), LONGEST_MESSAGE),
                served == null ? null : served.finish(),
                usage,
                costNanoUsd,
                notes.cache(),
                call == null ? null : recalled(call),
                client.wasLeft(),
                served == null ? List.of() : served.request().dropped(),
                times,
                notes.content() == null || isSecret(notes)
                        ? null
                        : notes.content().content());
    }

    private CallRecord record(Refusal refusal) {
        CallTimes times = new CallTimes(refusal.receivedNanos(), 0, 0, 0, System.nanoTime());
        return new CallRecord(
                refusal.requestId(),
                received(times),
                Doors.dialect(refusal.path()),
                Doors.operation(refusal.path()),
                null,
                false,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                refusal.fault().status(),
                ErrorType.of(refusal.fault(), false),
                PlainText.of(refusal.fault().text(), LONGEST_MESSAGE),
                null,
                null,
                null,
                null,
                null,
                false,
                List.of(),
                times,
                null);
    }

    private Instant received(CallTimes times) {
        return clock.instant().minusNanos(System.nanoTime() - times.received());
    }

    static AttemptRecord.@Nullable Server server(Provider provider) {
        UpstreamTarget target = provider.target();
        return target == null ? null : new AttemptRecord.Server(target.host(), target.port());
    }

    /** What a kept answer was called by who gave it. */
    private static @Nullable AnswerNames recalled(Call call) {
        StoredAnswer.Origin origin = call.recalledFrom();
        AnswerNames names = origin == null ? null : origin.names();
        return names == null ? null : AnswerNames.of(nameOf(names.id()), nameOf(names.model()));
    }

    private static AttemptRecord record(Attempt attempt, boolean overtaken) {
        GatewayException failure = overtaken ? null : attempt.brokenBy();
        boolean ours = attempt.wasRefusedHere();
        AnswerNames names = attempt.names();
        String requestId = nameOf(attempt.requestId());
        String answerId = names == null ? null : nameOf(names.id());
        return new AttemptRecord(
                attempt.ask().answerId(),
                attempt.ask().provider().name(),
                attempt.ask().provider().protocol(),
                server(attempt.ask().provider()),
                name(attempt.ask().model()),
                name(attempt.step().deployment().name()),
                failure == null ? null : ErrorType.of(failure, !ours),
                failure == null ? null : FailureClass.of(failure),
                failure == null ? null : PlainText.of(failure.text(), LONGEST_MESSAGE),
                overtaken,
                attempt.usage(),
                answerId == null && attempt.answer() != null ? requestId : answerId,
                names == null ? null : nameOf(names.model()),
                requestId,
                attempt.timesSoFar(failure == null && !overtaken));
    }

    private static @Nullable Attempt served(List<Attempt> attempts, List<AttemptRecord> told) {
        for (int i = attempts.size() - 1; i >= 0; i--) {
            if (!told.get(i).overtaken()) {
                return attempts.get(i);
            }
        }
        return null;
    }

    /** What the client was told, or would have been: it may have left, or its stream broken off. */
    private static @Nullable GatewayException failure(
            ClientExchange client, List<Attempt> attempts, List<AttemptRecord> records) {
        if (client.wasLeft()) {
            return new GatewayException.ClientGone();
        }
        Attempt served = served(attempts, records);
        GatewayException told = client.failure();
        // A stream that broke off after its first token: the client had its error as an event.
        return told == null && served != null && served.answer() != null ? served.brokenBy() : told;
    }

    private static boolean isProviders(GatewayException failure, List<Attempt> attempts) {
        for (Attempt attempt : attempts) {
            if (attempt.brokenBy() == failure) {
                return !attempt.wasRefusedHere();
            }
        }
        return false;
    }

    private static String operation(String path, @Nullable Call call) {
        String operation = Doors.operation(path);
        return call == null || operation.equals(Doors.COUNT_TOKENS)
                ? operation
                : call.request().operation();
    }

    private static String name(String text) {
        return PlainText.of(text, LONGEST_NAME);
    }

    private static @Nullable String nameOf(@Nullable String text) {
        return text == null ? null : name(text);
    }
}
