package dev.mehari.store;

import dev.mehari.access.CallerLedger;
import dev.mehari.access.Purse;
import dev.mehari.access.Quota;
import dev.mehari.chat.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The ledger that all replicas share: one script a call, and one afterwards that nobody waits for. While Redis is away
 * the local ledger decides, which counts this replica's calls only. What could not be told to Redis is told when it is
 * back; money needs no telling, since the database raises its accounts. Thread-safe.
 */
public final class RedisCallerLedger implements CallerLedger {
    private static final Script CLAIM = Script.named("window", "claim");
    private static final Script BILL = Script.named("bill");
    private static final Script RAISE = Script.named("raise");
    private static final String PREFIX = "redis:";
    private static final String NOT_ASKED = "-1";

    /** Beyond the end of a period, for the calls that began in it. */
    private static final Duration KEPT_AFTER = Duration.ofDays(1);

    private static final Duration LONGEST_KEPT = Duration.ofDays(60);
    private static final int MOST_OWED = 100_000;

    private final Redis redis;
    private final CallerLedger local;
    private final ToLongFunction<Purse> spent;
    private final Watcher watcher;
    private final Queue<Ending> owed = new ConcurrentLinkedQueue<>();

    /** What Redis has not heard of: the end of a call, without its money. */
    private record Ending(Ticket ticket, long tokensChange, int requestsChange) {}

    /**
     * @param local decides when Redis does not
     * @param spent reads what was spent from a purse so far, in nano-dollars; may block and throw
     */
    public RedisCallerLedger(Redis redis, CallerLedger local, ToLongFunction<Purse> spent, Watcher watcher) {
        this.redis = redis;
        this.local = local;
        this.spent = spent;
        this.watcher = watcher;
        redis.onReturn(() -> {
            List.of(CLAIM, BILL, RAISE).forEach(redis::load);
            payBack();
        });
    }

    @Override
    public Outcome reserve(Claim claim) {
        if (claim.isFree()) {
            return local.reserve(claim);
        }
        Ticket ticket = new Ticket(Ids.random(PREFIX, 20), claim);
        long[] known = new long[claim.purses().size()];
        Arrays.fill(known, -1);
        try {
            List<Object> reply = claim(ticket, known);
            // Once for each purse at most: a sum that was given is there.
            for (int asked = 0; number(reply, 0) == 6 && asked < known.length; asked++) {
                int purse = (int) number(reply, 1) - 1;
                known[purse] = spent.applyAsLong(claim.purses().get(purse));
                reply = claim(ticket, known);
            }
            return outcome(ticket, reply);
        } catch (RedisAway away) {
            if (away.mayHaveRun()) {
                end(new Ending(ticket, -claim.tokens(), -1), 0);
            }
            return local.reserve(claim);
        }
    }

    private List<Object> claim(Ticket ticket, long[] known) throws RedisAway {
        Claim claim = ticket.claim();
        Quota quota = claim.quota();
        List<String> arguments = new ArrayList<>(7 + 3 * known.length);
        arguments.add(ticket.id());
        arguments.add(Long.toString(claim.lease().toMillis()));
        arguments.add(Long.toString(claim.tokens()));
        arguments.add(Long.toString(claim.nanos()));
        arguments.add(written(quota.requestsPerMinute()));
        arguments.add(written(quota.tokensPerMinute()));
        arguments.add(written(quota.concurrentCalls()));
        for (int i = 0; i < known.length; i++) {
            Purse purse = claim.purses().get(i);
            arguments.add(Long.toString(purse.limit()));
            arguments.add(Long.toString(known[i]));
            arguments.add(Long.toString(kept(purse).toMillis()));
        }
        return redis.run(CLAIM, keys(claim), arguments);
    }

    private static Duration kept(Purse purse) {
        Instant now = Instant.now();
        return purse.end().isAfter(now.plus(LONGEST_KEPT))
                ? LONGEST_KEPT
                : Duration.between(now, purse.end()).plus(KEPT_AFTER);
    }

    private static String written(@Nullable Number limit) {
        return limit == null ? NOT_ASKED : limit.toString();
    }

    private List<String> keys(Claim claim) {
        List<String> keys = new ArrayList<>(2 + 2 * claim.purses().size());
        keys.add(redis.key("caller-used", claim.key()));
        keys.add(redis.key("caller-held", claim.key()));
        for (Purse purse : claim.purses()) {
            keys.add(redis.key("account", purse.account()));
            keys.add(redis.key("promises", purse.account()));
        }
        return keys;
    }

    private static Outcome outcome(Ticket ticket, List<Object> reply) {
        Standing standing = new Standing(number(reply, 2), number(reply, 3), Duration.ofMillis(number(reply, 4)));
        long what = number(reply, 1);
        return switch ((int) number(reply, 0)) {
            case 0 -> new Outcome.Admitted(ticket, standing);
            case 2 -> new Outcome.Refused(Reason.REQUESTS, Duration.ofMillis(what), standing, null);
            case 3 -> new Outcome.Refused(Reason.TOKENS, Duration.ofMillis(what), standing, null);
            case 4 -> new Outcome.Refused(Reason.CONCURRENCY, Duration.ofMillis(what), standing, null);
            case 5 ->
                new Outcome.Refused(
                        Reason.BUDGET,
                        Duration.ZERO,
                        standing,
                        ticket.claim().purses().get((int) what - 1));
            default -> throw new IllegalStateException("claim.lua knows no reason " + reply.getFirst());
        };
    }

    @Override
    public void settle(Ticket ticket, Used used) {
        if (!ticket.id().startsWith(PREFIX)) {
            local.settle(ticket, used);
            return;
        }
        Claim claim = ticket.claim();
        end(new Ending(ticket, used.tokens() - claim.tokens(), 0), used.nanos());
    }

    private void end(Ending ending, long nanos) {
        Claim claim = ending.ticket().claim();
        List<String> arguments = List.of(
                ending.ticket().id(),
                Long.toString(claim.lease().toMillis()),
                Long.toString(ending.tokensChange()),
                Integer.toString(ending.requestsChange()),
                Long.toString(nanos));
        redis.send(BILL, keys(claim), arguments).whenComplete((reply, away) -> {
            if (away == null) {
                tell(claim, reply);
            } else if (!RedisAway.isRefusal(away) && owed.size() < MOST_OWED) {
                owed.add(ending);
                if (redis.isThere()) {
                    // It came back before this failure was told.
                    payBack();
                }
            }
        });
    }

    private void tell(Claim claim, List<Object> reply) {
        for (int i = 0; i < claim.purses().size(); i++) {
            String before = text(reply.get(2 * i));
            if (!before.isEmpty()) {
                watcher.spent(
                        claim.purses().get(i), Long.parseLong(before), Long.parseLong(text(reply.get(2 * i + 1))));
            }
        }
    }

    private void payBack() {
        // Not more than there are now: what fails again comes back.
        for (int left = owed.size(); left > 0; left--) {
            Ending next = owed.poll();
            if (next != null) {
                end(next, 0);
            }
        }
    }

    @Override
    public void raise(Purse purse, long nanos) {
        local.raise(purse, nanos);
        // Lost when Redis is away: the next one brings as much or more.
        redis.send(RAISE, List.of(redis.key("account", purse.account())), List.of(Long.toString(nanos)));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static long number(List<Object> reply, int index) {
        return (Long) reply.get(index);
    }
}
