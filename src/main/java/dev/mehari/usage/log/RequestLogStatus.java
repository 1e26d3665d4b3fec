package dev.mehari.usage.log;

import org.jspecify.annotations.Nullable;

/**
 * How the request log fares.
 *
 * @param waiting rows that are not written yet
 * @param written rows since the start
 * @param dropped rows that are lost since the start: there were too many, or the database was away for too long
 * @param there whether the database took the last rows
 * @param size of the whole log, a minute ago at most; null: nobody has looked yet
 */
public record RequestLogStatus(
        int waiting,
        long written,
        long dropped,
        boolean there,
        @Nullable LogSize size) {}
