package dev.mehari;

import dev.mehari.config.MehariSettings;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import dev.mehari.store.Database;
import dev.mehari.store.DatabaseAddress;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is kept beyond a call. Nothing is opened before it is needed. */
@Configuration(proxyBeanMethods = false)
class ConversationBeans {
    @Bean(destroyMethod = "close")
    Database database(MehariSettings settings) {
        return new Database(
                DatabaseAddress.of(settings.database().url()),
                settings.database().timeout());
    }

    @Bean
    Conversations conversations(Database database, MehariSettings settings) {
        return new Conversations(database, settings.conversations().ttl(), Clock.systemUTC());
    }

    @Bean
    ConversationKeeper conversationKeeper(Conversations conversations, MehariSettings settings) {
        return new ConversationKeeper(
                conversations, (int) settings.conversations().maxSize().toBytes());
    }
}
