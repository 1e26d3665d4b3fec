package dev.mehari.store;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A Lua script that Redis runs in one step. Immutable.
 *
 * @param sha1 the name under which Redis remembers it: lower-case hexadecimal
 */
record Script(String source, String sha1) {
    /** What stands in {@code redis/<name>.lua} on the class path, one after another: scripts cannot call each other. */
    static Script named(String... names) {
        StringBuilder source = new StringBuilder();
        for (String name : names) {
            source.append(read(name));
        }
        return new Script(source.toString(), sha1(source.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream("/redis/" + name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("redis/" + name + ".lua is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String sha1(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Runs it by its name, and only where Redis does not know that (after a restart or SCRIPT FLUSH) by its text. */
    Function<RedisAsyncCommands<String, byte[]>, CompletionStage<List<Object>>> call(
            List<String> keys, List<String> arguments) {
        String[] names = keys.toArray(String[]::new);
        byte[][] values = arguments.stream()
                .map(argument -> argument.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return commands -> {
            CompletionStage<List<Object>> byName = commands.evalsha(sha1, ScriptOutputType.MULTI, names, values);
            return byName.exceptionallyCompose(failure -> RedisFailure.cause(failure) instanceof RedisNoScriptException
                    ? commands.eval(source, ScriptOutputType.MULTI, names, values)
                    : CompletableFuture.failedFuture(failure));
        };
    }
}
