package dev.mehari.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.store.Redis;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** With and without a Redis when the gateway starts. */
@ExtendWith(OutputCaptureExtension.class)
class RedisAtStartTest {
    private static final String HELLO = "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @Test
    void withoutAUrlNothingOfItIsStarted() {
        try (Gateway gateway = Gateway.start()) {
            assertThatThrownBy(() -> gateway.bean(Redis.class)).isInstanceOf(NoSuchBeanDefinitionException.class);
            assertThat(gateway.get("/stats").body()).contains("\"redis\":null");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("lettuce"));
        }
    }

    @Test
    void oneThatCannotBeReachedDoesNotStopTheStart(CapturedOutput output) {
        String url = "redis://:secret@127.0.0.1:" + RedisServer.freePort();
        try (Gateway gateway = Gateway.start("mehari.redis.url=" + url)) {
            assertThat(gateway.bean(Redis.class).status().there()).isFalse();
            assertThat(gateway.chat(HELLO).statusCode()).isEqualTo(200);
        }
        assertThat(output.toString().split("is away", -1)).as(output.toString()).hasSize(2);
        assertThat(output.toString()).doesNotContain("secret", "\tat ");
    }

    @Test
    void oneThatIsThereIsUsed() {
        try (RedisServer server = RedisServer.start();
                Gateway gateway = Gateway.start("mehari.redis.url=" + server.url())) {
            Eventually.holds(Duration.ofSeconds(20), "it is there", () -> gateway.bean(Redis.class)
                    .status()
                    .there());
            assertThat(gateway.get("/stats").body()).contains("\"redis\":{\"state\":\"shared\"");
        }
    }
}
