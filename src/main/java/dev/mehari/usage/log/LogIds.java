package dev.mehari.usage.log;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of rows: the microsecond that a call ended in, times 4096, and a number that tells apart those of one microsecond.
 * Rising with each call, also when calls are told out of order by a little. Belongs to the writer's thread.
 */
final class LogIds {
    private static final int NUMBERS = 4096;

    /** Replicas begin anywhere, so that two calls of one microsecond rarely meet. */
    private int number = ThreadLocalRandom.current().nextInt(NUMBERS);

    private long last;

    long next(long micros) {
        number = (number + 1) % NUMBERS;
        long id = first(micros) + number;
        last = id > last ? id : last + 1;
        return last;
    }

    /** The lowest id of a microsecond. */
    static long first(long micros) {
        return micros * NUMBERS;
    }

    static long micros(long id) {
        return id / NUMBERS;
    }
}
