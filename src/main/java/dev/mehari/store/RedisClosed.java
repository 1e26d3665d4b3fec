package dev.mehari.store;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;

/** Tells when a connection has gone, also while nothing is asked over it. */
record RedisClosed(Runnable told) implements RedisConnectionStateListener {
    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        told.run();
    }
}
