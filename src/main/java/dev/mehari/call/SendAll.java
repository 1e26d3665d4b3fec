package dev.mehari.call;

import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Sends several independent requests, a few at a time, and waits for all answers. The first failure ends the waiting;
 * what is under way then is cancelled when the client's exchange ends. One instance a batch.
 */
final class SendAll {
    /** Enough to hide the round trips, too few to look like an attack. */
    private static final int AT_ONCE = 8;

    private final List<UpstreamRequest> requests;
    private final Function<UpstreamRequest, UpstreamResponse> send;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<UpstreamResponse> answers;
    private final CompletableFuture<List<UpstreamResponse>> result = new CompletableFuture<>();

    private SendAll(List<UpstreamRequest> requests, Function<UpstreamRequest, UpstreamResponse> send) {
        this.requests = requests;
        this.send = send;
        this.answers = new AtomicReferenceArray<>(requests.size());
    }

    /**
     * @param requests {@link UpstreamRequest}s, at least one
     * @param send blocks a virtual thread until the answer is there
     * @return the answers in the order of their requests; or the one that is no success, alone
     * @throws RuntimeException that {@code send} threw
     */
    static List<UpstreamResponse> send(List<?> requests, Function<UpstreamRequest, UpstreamResponse> send) {
        List<UpstreamRequest> all =
                requests.stream().map(UpstreamRequest.class::cast).toList();
        return all.size() == 1 ? List.of(send.apply(all.getFirst())) : new SendAll(all, send).join();
    }

    private List<UpstreamResponse> join() {
        AtomicInteger working = new AtomicInteger(Math.min(AT_ONCE, requests.size()));
        for (int i = working.get(); i > 0; i--) {
            Thread.startVirtualThread(() -> {
                work();
                if (working.decrementAndGet() == 0 && !result.isDone()) {
                    result.complete(all());
                }
            });
        }
        try {
            return result.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement(); i < requests.size() && !result.isDone(); i = next.getAndIncrement()) {
                UpstreamResponse answer = send.apply(requests.get(i));
                answers.set(i, answer);
                if (answer.status() / 100 != 2) {
                    result.complete(List.of(answer));
                }
            }
        } catch (RuntimeException | Error failure) {
            result.completeExceptionally(failure);
        }
    }

    private List<UpstreamResponse> all() {
        List<UpstreamResponse> all = new ArrayList<>(answers.length());
        for (int i = 0; i < answers.length(); i++) {
            all.add(answers.get(i));
        }
        return all;
    }
}
