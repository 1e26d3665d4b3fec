package dev.mehari.testing.family;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Failure;
import dev.mehari.testing.family.Reply.Turn;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The gateway before a fake of each family. Any number of clients may use it at once. */
public final class Families implements AutoCloseable {
    /** Clients that leave are noticed within a second; a busy machine may add to that. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The one key that the gateway knows. */
    public static final String KEY = "client-key";

    private static final String ASKED = "/asked/";
    private static final String LEFT = "/left/";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Map<String, Request> hanging = new ConcurrentHashMap<>();
    private final Map<String, Asked> kept = new ConcurrentHashMap<>();
    private final AtomicInteger responses = new AtomicInteger();
    private final Gateway gateway;

    private Families() {
        upstream.answer(this::answer);
        gateway = Gateway.start(Stream.concat(
                        Stream.of(Family.values()).flatMap(family -> family.settings(upstream.address())),
                        Stream.of("mehari.routing.cooldown.longest=0s", "mehari.access.api-keys=" + KEY))
                .toArray(String[]::new));
    }

    public static Families start() {
        return new Families();
    }

    public Gateway gateway() {
        return gateway;
    }

    /**
     * Where clients in other processes wait: {@code GET /asked/<id>} until somebody was asked with the order
     * {@code hang <id>}, {@code GET /left/<id>} until the gateway has closed that call.
     */
    public String address() {
        return upstream.address();
    }

    /** Waits until somebody was asked with the order {@code hang <id>}. */
    private Request awaitAsked(String id) {
        Eventually.holds(SOON, "somebody is asked to hang by the name of " + id, () -> hanging.containsKey(id));
        return hanging.get(id);
    }

    /** Waits until the gateway has closed the call with the order {@code hang <id>}. */
    public void awaitLeft(String id) {
        awaitAsked(id).closed().await(SOON);
    }

    private Script answer(Request request) {
        if (request.path().startsWith(ASKED)) {
            awaitAsked(request.path().substring(ASKED.length()));
            return Script.json(200, "{}");
        }
        if (request.path().startsWith(LEFT)) {
            awaitLeft(request.path().substring(LEFT.length()));
            return Script.json(200, "{}");
        }
        Wire wire = Family.at(request.path())
                .wire(request.path(), () -> new ResponsesWire("resp_up" + responses.incrementAndGet(), kept));
        Asked asked = wire.read(request.path(), request.json());
        return switch (Model.answer(asked)) {
            case Failure failure -> wire.failure(failure);
            case Turn turn -> {
                if (turn.end() == End.HANGS) {
                    hanging.put(asked.order().substring("hang ".length()), request);
                }
                yield asked.stream()
                        ? wire.stream(turn)
                        : turn.end() == End.HANGS ? Script.silence() : wire.whole(turn);
            }
        };
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
