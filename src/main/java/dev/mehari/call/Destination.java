package dev.mehari.call;

import dev.mehari.routing.Deployment;
import dev.mehari.routing.ModelGroup;
import java.util.List;

/** What a call's model stands for, once the router has decided. */
sealed interface Destination {
    /** All deployments that may serve it. */
    List<Deployment> deployments();

    /** A model group; of its deployments those that the caller may use. */
    record OfGroup(ModelGroup group) implements Destination {
        @Override
        public List<Deployment> deployments() {
            return group.members().stream().map(ModelGroup.Member::deployment).toList();
        }
    }

    /** A model at a provider. */
    record Only(Deployment deployment) implements Destination {
        @Override
        public List<Deployment> deployments() {
            return List.of(deployment);
        }
    }
}
