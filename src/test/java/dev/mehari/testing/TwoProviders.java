package dev.mehari.testing;

import java.util.stream.Stream;

/** The gateway before two upstreams, with model group {@code pair}: provider openai first, groq when that has failed. */
public record TwoProviders(ScriptedUpstream first, ScriptedUpstream second, Gateway gateway) implements AutoCloseable {

    /** Starts all three; the settings come on top. Nobody is left out, so that each test may fail as often as it likes. */
    public static TwoProviders start(String... settings) {
        ScriptedUpstream first = new ScriptedUpstream();
        ScriptedUpstream second = new ScriptedUpstream();
        Stream<String> group = Stream.of(
                "mehari.providers.groq.base-url=" + second.url(),
                "mehari.routing.cooldown.longest=0s",
                "mehari.models[0].name=pair",
                "mehari.models[0].deployments[0].provider=openai",
                "mehari.models[0].deployments[1].provider=groq",
                "mehari.models[0].deployments[1].priority=2");
        return new TwoProviders(
                first,
                second,
                Gateway.before(first, Stream.concat(group, Stream.of(settings)).toArray(String[]::new)));
    }

    /** Sets what each plays and forgets what was asked before. */
    public void play(Script first, Script second) {
        this.first.answer(first).reset();
        this.second.answer(second).reset();
    }

    @Override
    public void close() {
        gateway.close();
        first.close();
        second.close();
    }
}
