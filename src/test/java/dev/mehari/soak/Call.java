package dev.mehari.soak;

/** One call, or several that belong together, whose answers are checked. */
@FunctionalInterface
interface Call {
    /**
     * Makes it and reads its answer to the end.
     *
     * @param number from 0 on, no number twice
     * @throws AssertionError an answer is wrong
     */
    void make(int number) throws Exception;
}
