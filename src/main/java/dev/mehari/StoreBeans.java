package dev.mehari;

import dev.mehari.cache.CacheRules;
import dev.mehari.chat.SteadyClock;
import dev.mehari.config.CacheSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.routing.DeploymentLedger;
import dev.mehari.routing.LocalLedger;
import dev.mehari.store.Redis;
import dev.mehari.store.RedisAnswers;
import dev.mehari.store.RedisLedger;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What replicas share, where there is something to share it in. */
@Configuration(proxyBeanMethods = false)
class StoreBeans {
    /** Null without {@code REDIS_URL}: then nothing of it is started. */
    @Bean(destroyMethod = "close")
    @Nullable
    Redis redis(MehariSettings settings) {
        MehariSettings.Redis redis = settings.redis();
        return redis.url() == null ? null : Redis.open(redis.url(), redis.timeout(), redis.namespace());
    }

    /** Null without {@code REDIS_URL}, and where no answers are kept. */
    @Bean(destroyMethod = "close")
    @Nullable
    RedisAnswers redisAnswers(MehariSettings settings, CacheRules rules, InstantSource clock) {
        MehariSettings.Redis redis = settings.redis();
        CacheSettings cache = settings.cache();
        return redis.url() == null || rules.isOff()
                ? null
                : new RedisAnswers(
                        redis.url(),
                        cache.redis().timeout(),
                        redis.namespace(),
                        cache.maxEntrySize().toBytes(),
                        clock);
    }

    @Bean
    DeploymentLedger deploymentLedger(SteadyClock clock, ObjectProvider<Redis> shared) {
        LocalLedger local = new LocalLedger(clock);
        Redis redis = shared.getIfAvailable();
        return redis == null ? local : new RedisLedger(redis, local);
    }
}
