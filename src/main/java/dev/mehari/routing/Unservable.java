package dev.mehari.routing;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ContextTooLong;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.routing.Abilities.Lack;
import dev.mehari.routing.ModelGroup.Member;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/** Words for a request that none of a group's deployments can serve. */
final class Unservable {
    private Unservable() {}

    /** @param lacks why each of them cannot, at least one */
    static GatewayException by(String group, Needs needs, Set<Lack> lacks, Collection<Member> members) {
        String who = "model \"" + group + "\": none of its deployments ";
        if (lacks.equals(Set.of(Lack.LENGTH))) {
            int longest = members.stream()
                    .map(member -> member.deployment().abilities().contextLength())
                    .filter(Objects::nonNull)
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0);
            return new ContextTooLong(who + "takes a prompt of about " + needs.promptTokens()
                    + " tokens; the longest takes " + longest + ". Shorten the messages.");
        }
        if (lacks.equals(Set.of(Lack.IMAGES))) {
            return new InvalidRequest("unsupported_parameter", "messages", who + "takes images");
        }
        if (lacks.equals(Set.of(Lack.TOOLS))) {
            return new InvalidRequest("unsupported_parameter", "tools", who + "takes tools");
        }
        return new InvalidRequest(
                "unsupported_parameter",
                "messages",
                who + "takes everything that this request asks for together: " + listed(lacks, needs));
    }

    private static String listed(Set<Lack> lacks, Needs needs) {
        return String.join(
                ", ",
                lacks.stream()
                        .map(lack -> switch (lack) {
                            case IMAGES -> "images";
                            case TOOLS -> "tools";
                            case LENGTH -> "a prompt of about " + needs.promptTokens() + " tokens";
                        })
                        .toList());
    }
}
