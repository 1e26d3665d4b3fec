package dev.mehari.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code mehari.request-log}: one row a call in the database. Immutable.
 *
 * @param enabled whether it is kept
 * @param queue rows that may wait to be written; more are dropped and counted
 * @param ttl how long rows are kept
 * @param maxRows how many are kept; 0: as many as there are
 * @param maxSize about how much of the database they may take, indexes included; 0: as much as they do
 */
public record RequestLogSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10000") int queue,
        @DefaultValue("30d") Duration ttl,
        @DefaultValue("5000000") long maxRows,
        @DefaultValue("10GB") DataSize maxSize) {

    public long maxBytes() {
        return maxSize.toBytes();
    }
}
