package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A chain of events. Its one writer, on the loop of the call that asked, appends; each follower, on a loop of its own, has
 * the place up to where it has read. Nobody waits for anybody and nothing is copied. While the answer may still be kept the
 * chain has a head that holds all of it. Beyond the bound the head is let go: then each follower holds what it has not read
 * yet, and one that is behind by more than the bound gives up (Following).
 */
/**
 * One answer as it comes: for those who want it kept, and for those who asked the same meanwhile. Events are appended on
 * one loop; all else may be called from any thread.
 */
public final class Recording {
    /** An event and the way to the next one. */
    static final class Link {
        final @Nullable ChatEvent event;
        volatile @Nullable Link next;

        Link(@Nullable ChatEvent event) {
            this.event = event;
        }
    }

    private final long most;
    private final Consumer<Recording> onEnd;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Link head;
    private Link tail;
    private volatile long size;
    private volatile boolean over;
    private volatile boolean complete;
    private boolean left;
    private @Nullable Runnable whenUnwanted;

    /**
     * @param most bytes that are held for keeping, and for one follower that is behind
     * @param onEnd told once: the answer is complete, has failed, or has become too large to be kept. Must not block
     */
    public Recording(long most, Consumer<Recording> onEnd) {
        this.most = most;
        this.onEnd = onEnd;
        Link first = new Link(null);
        this.head = first;
        this.tail = first;
    }

    /** An answer that is there already. */
    public static Recording of(List<ChatEvent> events) {
        Recording recording = new Recording(Long.MAX_VALUE, ended -> {});
        events.forEach(recording::accept);
        return recording;
    }

    /** The next event, on the writer's loop. */
    public void accept(ChatEvent event) {
        if (over) {
            return;
        }
        Link link = new Link(event);
        tail.next = link;
        tail = link;
        long now = size + EventSize.of(event);
        size = now;
        boolean last = event instanceof ChatEvent.End || event instanceof ChatEvent.Failure;
        boolean tooMuch = now > most;
        boolean told = head == null;
        if (tooMuch) {
            head = null;
        }
        complete = event instanceof ChatEvent.End && !tooMuch;
        over = last;
        if ((last || tooMuch) && !told) {
            onEnd.accept(this);
        }
        for (Runnable follower : followers) {
            follower.run();
        }
    }

    /** Whether it holds the whole of an answer that did not fail. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether its last event has come. */
    public boolean isOver() {
        return over;
    }

    /** Whether there was more of it than is kept. */
    public boolean isTooLarge() {
        return size > most;
    }

    /** All events of a complete one. */
    public List<ChatEvent> events() {
        List<ChatEvent> events = new ArrayList<>();
        Link begin = head;
        for (Link link = begin == null ? null : begin.next; link != null; link = link.next) {
            if (link.event != null) {
                events.add(link.event);
            }
        }
        return events;
    }

    /** Bytes that have come so far, about. */
    long size() {
        return size;
    }

    long most() {
        return most;
    }

    /**
     * Joins. Null when that is no longer possible: nobody has the beginning any more, or it is about to be given up.
     *
     * @param wake told, on the writer's loop, each time there is more; must not block
     */
    synchronized @Nullable Link follow(Runnable wake) {
        Link begin = head;
        if (begin == null || (left && !over && followers.isEmpty())) {
            return null;
        }
        followers.add(wake);
        return begin;
    }

    /** Leaves. The last one to leave an answer whose own client has left ends it. */
    void leave(Runnable wake) {
        Runnable task = null;
        synchronized (this) {
            followers.remove(wake);
            if (left && followers.isEmpty()) {
                task = whenUnwanted;
                whenUnwanted = null;
            }
        }
        if (task != null) {
            task.run();
        }
    }

    /** Whether somebody else reads it. */
    public boolean isFollowed() {
        return !followers.isEmpty();
    }

    /** The client that it was asked for has left: runs the task now, or when the last follower has left too. */
    public void whenUnwanted(Runnable task) {
        synchronized (this) {
            left = true;
            if (!followers.isEmpty()) {
                Runnable before = whenUnwanted;
                whenUnwanted = before == null
                        ? task
                        : () -> {
                            before.run();
                            task.run();
                        };
                return;
            }
        }
        task.run();
    }
}
