package dev.mehari.usage.log;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of rows: the microsecond that a call ended in, times 4096, and a number that tells apart those of one microsecond.
 * Calls that are told out of order stand where they belong. Belongs to the writer's thread.
 */
final class LogIds {
    private static final int NUMBERS = 4096;

    /** Replicas begin anywhere, so that two calls of one microsecond rarely meet. */
    private int number = ThreadLocalRandom.current().nextInt(NUMBERS);

    private long asked;
    private long again;

    long next(long micros) {
        number = (number + 1) % NUMBERS;
        again = micros == asked ? again + 1 : 0;
        asked = micros;
        // More than there are numbers for go on in the next microsecond.
        return first(micros + again / NUMBERS) + number;
    }

    /** The lowest id of a microsecond. */
    static long first(long micros) {
        return micros * NUMBERS;
    }

    static long micros(long id) {
        return id / NUMBERS;
    }
}
