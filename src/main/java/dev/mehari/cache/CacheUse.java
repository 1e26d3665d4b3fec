package dev.mehari.cache;

/** What the answer cache had to do with a call. */
public enum CacheUse {
    /** The answer came from it. */
    HIT,
    /** It was asked and had none. */
    MISS,
    /** The client or a rule wanted a new answer. */
    BYPASS,
    /** The request is none whose answer could be kept. */
    SKIP
}
