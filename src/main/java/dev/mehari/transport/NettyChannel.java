package dev.mehari.transport;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The channel below a connection, for what Vert.x neither tells nor does itself. Only a class of its own inside has it, so
 * this is the one place that an update of Vert.x may break.
 */
final class NettyChannel {
    private NettyChannel() {}

    /** Of a client's connection or one to a provider. */
    static Channel of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }
}
