package dev.mehari.conformance;

import java.util.List;

/** A group of cases: a few requests and the demands that their answers are held to. */
interface Cases {
    /** A few words for the one who waits. */
    String title();

    List<Demand> demands();

    /** Sends and judges. What goes wrong with the endpoint is noted on the sheet, not thrown. */
    void check(Session session);
}
