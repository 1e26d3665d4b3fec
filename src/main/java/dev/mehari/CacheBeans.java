package dev.mehari;

import com.github.benmanes.caffeine.cache.Cache;
import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.CacheRules;
import dev.mehari.cache.Flights;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.config.CacheSettings;
import dev.mehari.config.MehariSettings;
import dev.mehari.store.RedisAnswers;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what keeps answers. */
@Configuration(proxyBeanMethods = false)
class CacheBeans {
    @Bean
    CacheRules cacheRules(MehariSettings settings) {
        return new CacheRules(settings.cache());
    }

    @Bean
    AnswerCache answerCache(MehariSettings settings, ObjectProvider<RedisAnswers> shared, InstantSource clock) {
        CacheSettings cache = settings.cache();
        return new AnswerCache(
                cache.maxSize().toBytes(),
                cache.maxEntrySize().toBytes(),
                cache.redis().memoryTtl(),
                shared.getIfAvailable(),
                clock);
    }

    /** Under this name the routes look into it: {@code caffeine-cache:answers}. */
    @Bean("answers")
    Cache<CacheKey, StoredAnswer> answers(AnswerCache cache) {
        return cache.memory();
    }

    @Bean
    Flights flights() {
        return new Flights();
    }
}
