package dev.mehari.spend;

/** The terms that hold at present. A call takes them once and keeps to them. Thread-safe. */
public final class CurrentTerms {
    private volatile Terms terms;

    public CurrentTerms(Terms terms) {
        this.terms = terms;
    }

    public Terms get() {
        return terms;
    }

    /** From now on others hold; calls under way go on with theirs. */
    public void replace(Terms others) {
        terms = others;
    }
}
