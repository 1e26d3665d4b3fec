package dev.mehari.routing;

import java.util.Comparator;
import java.util.List;

/**
 * Calls of one session go to the same deployment, on every replica, without anything being remembered: each deployment
 * draws a number from the session's name and its own, scaled by its weight, and the lowest serves. When one goes, only
 * its own sessions move. Calls without a session go by weight.
 *
 * <p>Source: D. Thaler, C. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998 (rendezvous hashing); the
 * weights are exponential draws.
 */
public final class Sticky implements Strategy {
    private final Weighted others;

    public Sticky(Weighted others) {
        this.others = others;
    }

    @Override
    public String name() {
        return "sticky";
    }

    @Override
    public void order(List<Pick> tier, Needs needs, long nowMillis) {
        String session = needs.session();
        if (session == null) {
            others.order(tier, needs, nowMillis);
            return;
        }
        long seed = hash(session, 0);
        tier.sort(Comparator.comparingDouble(pick -> draw(seed, pick)));
    }

    private static double draw(long seed, Pick pick) {
        double unit = ((hash(pick.member().deployment().name(), seed) >>> 11) + 0.5) * 0x1p-53;
        return -Math.log(unit) / pick.weight();
    }

    /** FNV-1a over the characters, then the finish of SplitMix64, which spreads it over all bits. */
    private static long hash(String text, long seed) {
        long hash = 0xCBF29CE484222325L ^ seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
