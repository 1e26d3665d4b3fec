package dev.mehari.routing;

import dev.mehari.routing.ModelGroup.Member;

/**
 * A deployment that a call may be sent to, while the order is made.
 *
 * @param weight its own, less while it recovers
 */
record Pick(Member member, double weight) {
    DeploymentStats stats() {
        return member.state().stats();
    }

    int priority() {
        return member.deployment().priority();
    }
}
