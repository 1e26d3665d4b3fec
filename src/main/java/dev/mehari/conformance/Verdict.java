package dev.mehari.conformance;

import java.util.function.UnaryOperator;

/** What became of a demand. The order is that of weight: a heavier verdict of one exchange stands against a lighter one. */
public sealed interface Verdict {
    /** It could not be looked at. */
    record Unchecked(String why) implements Verdict {}

    /** The endpoint does not have what the demand is about, and need not. */
    record Absent(String why) implements Verdict {}

    record Kept() implements Verdict {}

    /** @param seen which request, and the part of the answer that breaks it */
    record Broken(String seen) implements Verdict {}

    /** The same with its words changed. */
    default Verdict told(UnaryOperator<String> how) {
        return switch (this) {
            case Unchecked unchecked -> new Unchecked(how.apply(unchecked.why()));
            case Absent absent -> new Absent(how.apply(absent.why()));
            case Kept kept -> kept;
            case Broken broken -> new Broken(how.apply(broken.seen()));
        };
    }

    /** 0 is the lightest. */
    default int weight() {
        return switch (this) {
            case Unchecked unchecked -> 0;
            case Absent absent -> 1;
            case Kept kept -> 2;
            case Broken broken -> 3;
        };
    }
}
