package dev.mehari.provider.demo;

import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Playback;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.LocalProtocol;
import dev.mehari.transport.Loop;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** The demo provider: answers without a network, the same to the same question. */
@Component("demo")
public final class DemoProtocol implements LocalProtocol {
    private final DemoAnswer answer;

    DemoProtocol(MehariSettings settings) {
        this.answer = new DemoAnswer(settings.demo().wordDelay());
    }

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public EventSource open(Ask ask, Loop loop) {
        DemoScript script = answer.script(
                ask.request().request().get(),
                ask.model(),
                ask.alias(),
                ask.answerId(),
                System.currentTimeMillis() / 1000);
        return new Playback(script.steps().iterator(), (delay, task) -> loop.after(delay, task)::cancel);
    }

    @Override
    public EmbeddingsResponse embed(Ask ask) {
        GatewayException failure = DemoModel.named(ask.model(), Duration.ZERO).failure();
        if (failure != null) {
            throw failure;
        }
        return DemoEmbeddings.answer(ask.embeddings(), ask.alias());
    }
}
