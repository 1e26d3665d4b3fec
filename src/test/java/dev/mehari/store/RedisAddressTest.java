package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.config.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisAddressTest {
    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(RedisAddress.of("redis://cache")).isEqualTo(new RedisAddress(false, "cache", 6379, null, null, 0));
        assertThat(RedisAddress.of("redis://cache/")).isEqualTo(RedisAddress.of("redis://cache"));
    }

    @Test
    void everyPartIsRead() {
        assertThat(RedisAddress.of("rediss://app:p%40ss+w:rd@cache.example:6380/3"))
                .isEqualTo(new RedisAddress(true, "cache.example", 6380, "app", "p@ss+w:rd", 3));
        assertThat(RedisAddress.of("redis://:secret@cache"))
                .isEqualTo(new RedisAddress(false, "cache", 6379, null, "secret", 0));
        assertThat(RedisAddress.of("redis://[::1]:7000").host()).isEqualTo("::1");
    }

    @Test
    void itsTextHoldsNoPassword() {
        assertThat(RedisAddress.of("rediss://app:secret@cache:1/2")).hasToString("rediss://cache:1/2");
        assertThat(RedisAddress.of("redis://[::1]")).hasToString("redis://[::1]:6379");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:6379, does not begin with redis",
        "http://cache, does not begin with redis",
        "redis://, is not a URL",
        "redis:cache, names no host",
        "redis://secret@cache, a user without a password",
        "redis://:se#cret@cache, names no host",
        "redis://:se cret@cache, is not a URL",
        "redis://:secret%@cache, is not a URL",
        "redis://:secret@cache/first, a database that is no number",
        "redis://:secret@cache/-1, a negative database",
        "redis://:secret@cache?ssl=true, more than a database",
        "redis://:secret@under_score, names no host",
        "redis://cache:99999, has a port above 65535",
    })
    void whatIsNoAddressIsToldWithoutItsSecrets(String url, String why) {
        assertThatThrownBy(() -> RedisAddress.of(url))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("REDIS_URL (mehari.redis.url) ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("cret");
    }
}
