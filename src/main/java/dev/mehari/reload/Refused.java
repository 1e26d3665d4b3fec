package dev.mehari.reload;

import java.util.List;
import java.util.stream.Collectors;

/** What an operator saved cannot be used; what served before goes on. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    Refused(List<Problem> problems) {
        super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    Refused(Problem problem) {
        this(List.of(problem));
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }
}
