package dev.mehari.testing.family;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.family.Reply.Call;
import dev.mehari.testing.family.Reply.End;
import dev.mehari.testing.family.Reply.Turn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The gateway before fakes that answer the conformance tool. It asks as it asks any model, in whole sentences: they call
 * every tool that is offered, once, and repeat and write what they are told to.
 */
public final class ConformanceFamilies implements AutoCloseable {
    /** The one key that the gateway knows. */
    public static final String KEY = "client-key";

    private static final String CITY = "{\"city\":\"Zürich\",\"population\":440000}";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Gateway gateway;

    public ConformanceFamilies() {
        upstream.answer(ConformanceFamilies::answer);
        gateway = Gateway.start(Stream.concat(
                        Stream.of(Family.values()).flatMap(family -> family.settings(upstream.address())),
                        Stream.of("mehari.access.api-keys=" + KEY))
                .toArray(String[]::new));
    }

    public Gateway gateway() {
        return gateway;
    }

    private static Script answer(Request request) {
        Wire wire = Family.at(request.path())
                .wire(request.path(), () -> new ResponsesWire("resp_up1", new ConcurrentHashMap<>()));
        Asked asked = wire.read(request.path(), request.json());
        Turn turn = turn(asked);
        return asked.stream() ? wire.stream(turn) : wire.whole(turn);
    }

    private static Turn turn(Asked asked) {
        if (asked.results().isEmpty() && !asked.tools().isEmpty()) {
            List<Call> calls = new ArrayList<>();
            asked.tools().forEach(tool -> calls.add(new Call("call_" + tool, tool, CITY)));
            return new Turn(null, List.of(), calls, End.COMPLETE);
        }
        String order = asked.order();
        if (order.startsWith("Name a large city")) {
            return Reply.say(List.of(CITY.substring(0, 10), CITY.substring(10)));
        }
        if (order.startsWith("Write about")) {
            return Reply.say(Collections.nCopies(60, "and on "));
        }
        return order.startsWith("Repeat exactly")
                ? Reply.say(List.of(order.substring(0, 40), order.substring(40)))
                : Reply.say(List.of("Hello", " to you."));
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
