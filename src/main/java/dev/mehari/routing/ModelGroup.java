package dev.mehari.routing;

import java.util.Comparator;
import java.util.List;
import java.util.SequencedCollection;
import java.util.function.Predicate;

/** A model name that clients ask for, the deployments behind it and the rules for choosing among them. Thread-safe. */
public final class ModelGroup {
    private final String name;
    private final List<Member> members;
    private final Strategy strategy;
    private final Rules rules;
    private final boolean asksForImages;

    /** A deployment with how it fares. */
    public record Member(Deployment deployment, DeploymentState state) {}

    /** @param strategy orders the deployments of one priority; it may remember, so each group has its own */
    public ModelGroup(String name, List<Member> members, Strategy strategy, Rules rules) {
        this.name = name;
        this.members = members.stream()
                .sorted(Comparator.comparingInt(member -> member.deployment().priority()))
                .toList();
        this.strategy = strategy;
        this.rules = rules;
        this.asksForImages = members.stream()
                .anyMatch(member ->
                        Boolean.FALSE.equals(member.deployment().abilities().vision()));
    }

    /** The same group without some of its deployments; those left share what it remembers. */
    public ModelGroup of(Predicate<Member> some) {
        return members.stream().allMatch(some)
                ? this
                : new ModelGroup(name, members.stream().filter(some).toList(), strategy, rules);
    }

    public String name() {
        return name;
    }

    /** By priority. */
    public SequencedCollection<Member> members() {
        return members;
    }

    /** Whether it makes a difference that a prompt holds images: that takes reading all of it. */
    public boolean asksForImages() {
        return asksForImages;
    }

    public Strategy strategy() {
        return strategy;
    }

    public Rules rules() {
        return rules;
    }

    /** For the planner, which goes through them by index on every call. */
    List<Member> list() {
        return members;
    }
}
