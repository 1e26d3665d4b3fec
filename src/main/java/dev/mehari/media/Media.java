package dev.mehari.media;

/**
 * What was fetched.
 *
 * @param type its media type, as its bytes tell; {@code application/octet-stream} when they do not
 * @param bytes all of it
 */
public record Media(String type, byte[] bytes) {}
