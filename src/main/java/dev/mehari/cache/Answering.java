package dev.mehari.cache;

import dev.mehari.chat.FrameReader;
import java.util.function.Supplier;

/**
 * An answer on its way, as it can be shared.
 *
 * @param recording its events
 * @param reader makes what takes its frames apart, anew for each who reads
 * @param origin who gives it
 */
public record Answering(Recording recording, Supplier<FrameReader> reader, StoredAnswer.Origin origin) {}
