package dev.mehari.provider.demo;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Playback.Step;
import java.util.List;

/**
 * An answer of the demo provider, written down before it is played: what happens, and how long after the step before.
 * Steps without a delay happen at the same instant.
 */
public record DemoScript(List<Step> steps) {
    public DemoScript {
        steps = List.copyOf(steps);
    }

    /** The events alone, for whoever does not want to wait. */
    public List<ChatEvent> events() {
        return steps.stream().map(Step::event).toList();
    }
}
