package dev.mehari.soak;

import java.util.Locale;

/**
 * What is measured of the gateway again and again, and by how much it may be more in the last third of a run than in the
 * second: a part of what it was, and an amount beside that, since what is small varies more.
 */
enum Series {
    HEAP("live heap", Unit.BYTES, 0.10, 8 << 20),
    RSS("resident memory", Unit.BYTES, 0.10, 32 << 20),
    METASPACE("metaspace", Unit.BYTES, 0.03, 3 << 20),
    DIRECT("memory beside heap and JVM", Unit.BYTES, 0.20, 8 << 20),
    CLASSES("loaded classes", Unit.COUNT, 0.03, 300),
    /** One serves, the first is kept empty, and one may be waiting for its last call. */
    CAMEL_CONTEXTS("Camel contexts", Unit.COUNT, 0, 2),
    THREADS("platform threads", Unit.COUNT, 0.10, 12),
    VIRTUAL_THREADS("virtual threads", Unit.COUNT, 0.30, 60),
    DESCRIPTORS("open descriptors", Unit.COUNT, 0.10, 30),
    UPSTREAM("upstream connections", Unit.COUNT, 0.20, 30),
    METERS("lines of /metrics", Unit.COUNT, 0.03, 120),
    DATABASE("database on disk", Unit.BYTES, 0.25, 6 << 20),
    FILES("files on disk", Unit.COUNT, 0, 8),
    IN_FLIGHT("calls in flight", Unit.COUNT, 0.30, 30),
    CACHED("cached answers", Unit.BYTES, 0.15, 64 << 10);

    enum Unit {
        BYTES,
        COUNT
    }

    final String label;
    final Unit unit;
    private final double part;
    private final double amount;

    Series(String label, Unit unit, double part, double amount) {
        this.label = label;
        this.unit = unit;
        this.part = part;
        this.amount = amount;
    }

    /** The most it may be when it was that before. */
    double most(double before) {
        return before + before * part + amount;
    }

    /** As people read it. */
    String text(double value) {
        return switch (unit) {
            case BYTES -> String.format(Locale.ROOT, "%.1f MB", value / (1 << 20));
            case COUNT -> Long.toString(Math.round(value));
        };
    }
}
