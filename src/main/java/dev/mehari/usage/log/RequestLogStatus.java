package dev.mehari.usage.log;

/**
 * How the request log fares.
 *
 * @param waiting rows that are not written yet
 * @param written rows since the start
 * @param dropped rows that are lost since the start: there were too many, or the database was away for too long
 * @param there whether the database took the last rows
 */
public record RequestLogStatus(int waiting, long written, long dropped, boolean there) {}
