package dev.mehari.configured;

import dev.mehari.access.Caller;
import dev.mehari.access.ClientKeys.FixedKey;
import dev.mehari.access.Names;
import dev.mehari.access.Policy;
import dev.mehari.access.Quota;
import dev.mehari.config.KeySettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.StartupException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client keys that stand in the settings. */
public final class ConfiguredKeys {
    private static final String HASH = "sha256:";

    private ConfiguredKeys() {}

    /** @throws StartupException saying which of them cannot be read */
    public static List<FixedKey> read(MehariSettings settings) {
        List<FixedKey> keys = new ArrayList<>();
        settings.access().apiKeys().forEach(key -> keys.add(FixedKey.of(key)));
        List<KeySettings.Key> listed = settings.keys().list();
        for (int i = 0; i < listed.size(); i++) {
            KeySettings.Key key = listed.get(i);
            byte[] hash = hash(i, key.keyHash());
            if (!key.disabled()) {
                keys.add(new FixedKey(hash, caller(i, key, hash), key.expires()));
            }
        }
        return keys;
    }

    private static byte[] hash(int index, @Nullable String hash) {
        String digits = hash != null && hash.startsWith(HASH) ? hash.substring(HASH.length()) : "";
        if (!digits.matches("[0-9a-fA-F]{64}")) {
            throw new StartupException(
                    "mehari.keys.list[" + index + "].key-hash is not sha256: and 64 hexadecimal digits",
                    "Make it with: printf %s \"$KEY\" | sha256sum");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static Caller caller(int index, KeySettings.Key key, byte[] hash) {
        return new Caller(
                FixedKey.id(hash),
                key.name(),
                key.team(),
                new Policy(
                        new Names(key.models()),
                        new Names(key.providers()),
                        new Quota(key.rpm(), key.tpm(), key.concurrency()),
                        key.budget() == null
                                ? null
                                : ConfiguredTerms.budget(
                                        "mehari.keys.list[" + index + "]", key.budget(), key.budgetPeriod()),
                        key.noLog(),
                        switch (key.cache()) {
                            case DEFAULT -> Policy.CacheUse.DEFAULT;
                            case READ -> Policy.CacheUse.READ;
                            case OFF -> Policy.CacheUse.OFF;
                        },
                        key.strict(),
                        key.metadata()));
    }
}
