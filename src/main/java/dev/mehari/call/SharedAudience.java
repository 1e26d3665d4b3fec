package dev.mehari.call;

import dev.mehari.cache.Recording;
import dev.mehari.transport.Audience;
import dev.mehari.transport.Loop;

/** The client of a call, and those who share its answer: gone only when all of them are. */
final class SharedAudience implements Audience {
    private final Audience client;
    private final Recording recording;

    SharedAudience(Audience client, Recording recording) {
        this.client = client;
        this.recording = recording;
    }

    @Override
    public Loop loop() {
        return client.loop();
    }

    @Override
    public void onGone(Runnable task) {
        client.onGone(() -> recording.whenUnwanted(() -> loop().run(task)));
    }
}
