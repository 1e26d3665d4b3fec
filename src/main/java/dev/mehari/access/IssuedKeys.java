package dev.mehari.access;

import dev.mehari.chat.GatewayException.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/** The keys that operators have handed out. Implementations are thread-safe. */
public interface IssuedKeys {
    /** None. */
    IssuedKeys NONE = key -> null;

    /**
     * Whose key it is. Blocks while the database is asked.
     *
     * @return null when it is nobody's, or no longer
     * @throws StoreUnavailable the key is not known here and the database is away
     */
    @Nullable
    Caller find(KeyText key);
}
