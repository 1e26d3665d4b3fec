package dev.mehari.cache;

/** What was kept cannot be read: cut, changed, or written by a version that kept it otherwise. Carries no stack trace. */
public final class CorruptAnswer extends RuntimeException {
    CorruptAnswer(String what) {
        super(what, null, false, false);
    }
}
