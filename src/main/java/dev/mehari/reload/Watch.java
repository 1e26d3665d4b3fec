package dev.mehari.reload;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, and tells once they have changed and then stood still: editors write in several steps,
 * and move files about. By looking rather than by the system's own notices, because those stop at links, at network file
 * systems and at the folders that Kubernetes swaps. A look at forty files takes a fraction of a millisecond.
 */
final class Watch {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final String name;
    private final Look look;
    private final Runnable changed;
    private final CountDownLatch over = new CountDownLatch(1);

    /** What the files are like now, always in the same order. */
    interface Look {
        List<FileStamp> stamps() throws IOException;
    }

    Watch(String name, Look look, Runnable changed) {
        this.name = name;
        this.look = look;
        this.changed = changed;
    }

    /**
     * Begins to look.
     *
     * @param known what the files were like when they were read; an edit since then is told too
     */
    void begin(List<FileStamp> known) {
        Thread.ofPlatform().name(name).daemon().start(() -> run(known));
    }

    void end() {
        over.countDown();
    }

    private void run(List<FileStamp> known) {
        List<FileStamp> told = known;
        List<FileStamp> before = known;
        try {
            do {
                try {
                    List<FileStamp> now = look.stamps();
                    if (!FileStamp.areSame(told, now) && FileStamp.areSame(before, now)) {
                        told = now;
                        changed.run();
                    }
                    before = now;
                } catch (IOException unreadable) {
                    log.debug("{} could not look", name, unreadable);
                } catch (RuntimeException failure) {
                    log.error("{} failed and goes on", name, failure);
                }
            } while (!over.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
