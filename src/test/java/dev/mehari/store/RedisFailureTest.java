package dev.mehari.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that is wrong, and a Redis that is unfit, are told apart. */
class RedisFailureTest {
    private static boolean isOurs(String reply) {
        return RedisFailure.isOurs(new CompletionException(new RedisCommandExecutionException(reply)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR increment or decrement would overflow script: abc, on @user_script:109.",
                "ERR Error running script (call to f_abc): @user_script:109: ERR increment or decrement would overflow",
                "WRONGTYPE Operation against a key holding the wrong kind of value"
            })
    void aCommandThatIsWrongIsOurs(String reply) {
        assertThat(isOurs(reply)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "ERR Error running script (call to f_abc): @user_script:1: -OOM command not allowed",
                "MISCONF Redis is configured to save RDB snapshots",
                "NOPERM this user has no permissions"
            })
    void aServerThatIsUnfitIsNot(String reply) {
        assertThat(isOurs(reply)).isFalse();
    }

    @Test
    void aConnectionThatIsGoneIsNot() {
        assertThat(RedisFailure.isOurs(new RedisConnectionException("ERR it is gone")))
                .isFalse();
    }
}
