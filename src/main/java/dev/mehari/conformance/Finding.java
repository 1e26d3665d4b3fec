package dev.mehari.conformance;

/** A demand and what became of it. */
public record Finding(Demand demand, Verdict verdict) {
    public boolean broken() {
        return verdict instanceof Verdict.Broken;
    }
}
