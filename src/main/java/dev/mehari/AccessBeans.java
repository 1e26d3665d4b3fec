package dev.mehari;

import dev.mehari.access.AdminKey;
import dev.mehari.access.AdminSessions;
import dev.mehari.access.CallerLedger;
import dev.mehari.access.ClientKeys;
import dev.mehari.access.LocalCallerLedger;
import dev.mehari.access.Purse;
import dev.mehari.chat.SteadyClock;
import dev.mehari.config.MehariSettings;
import dev.mehari.configured.ConfiguredKeys;
import dev.mehari.configured.ConfiguredTerms;
import dev.mehari.keys.KeyCache;
import dev.mehari.keys.KeyStore;
import dev.mehari.price.PriceFile;
import dev.mehari.provider.Providers;
import dev.mehari.spend.BudgetWatch;
import dev.mehari.spend.CurrentTerms;
import dev.mehari.spend.UsageBook;
import dev.mehari.spend.UsageReport;
import dev.mehari.store.Database;
import dev.mehari.store.Redis;
import dev.mehari.store.RedisCallerLedger;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who may call, how much, at what cost. */
@Configuration(proxyBeanMethods = false)
class AccessBeans {
    @Bean
    KeyStore keyStore(Database database, InstantSource clock) {
        return new KeyStore(database, clock);
    }

    @Bean
    KeyCache keyCache(KeyStore store, InstantSource clock, MehariSettings settings) {
        return new KeyCache(
                store::find,
                clock,
                settings.keys().remembered(),
                settings.keys().rememberedFor());
    }

    @Bean
    ClientKeys clientKeys(MehariSettings settings, KeyCache issued, InstantSource clock) {
        return new ClientKeys(
                ConfiguredKeys.read(settings), issued, settings.keys().required(), clock);
    }

    @Bean
    AdminSessions adminSessions(AdminKey key, InstantSource clock) {
        return new AdminSessions(key, clock);
    }

    @Bean
    CurrentTerms currentTerms(MehariSettings settings, Providers providers) {
        return new CurrentTerms(new ConfiguredTerms(settings, providers, PriceFile.shipped()).read());
    }

    @Bean(destroyMethod = "close")
    BudgetWatch budgetWatch(CurrentTerms terms) {
        return new BudgetWatch(terms);
    }

    /** The book tells the ledger what was spent, and the ledger asks the book. */
    @Bean
    Spending spending() {
        return new Spending();
    }

    static final class Spending {
        private final AtomicReference<@Nullable CallerLedger> ledger = new AtomicReference<>();

        void raise(Purse purse, long nanos) {
            CallerLedger known = ledger.get();
            if (known != null) {
                known.raise(purse, nanos);
            }
        }
    }

    @Bean(destroyMethod = "close")
    UsageBook usageBook(Database database, InstantSource clock, Spending spending) {
        return new UsageBook(database, clock, spending::raise);
    }

    @Bean
    UsageReport usageReport(Database database) {
        return new UsageReport(database);
    }

    @Bean
    CallerLedger callerLedger(
            SteadyClock clock, UsageBook book, BudgetWatch watch, ObjectProvider<Redis> shared, Spending spending) {
        ToLongFunction<Purse> spent = book::spent;
        LocalCallerLedger local = new LocalCallerLedger(clock, spent, watch);
        Redis redis = shared.getIfAvailable();
        CallerLedger ledger = redis == null ? local : new RedisCallerLedger(redis, local, spent, watch);
        spending.ledger.set(ledger);
        return ledger;
    }
}
