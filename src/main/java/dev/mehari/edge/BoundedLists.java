package dev.mehari.edge;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.springframework.stereotype.Component;

/**
 * Holds what providers list to a size and a time, errors too: Camel's http component reads an answer whole, its client
 * unpacks what was never asked for in a compression, and both go on for as long as bytes come. The limits count what comes
 * out of the unpacking; an answer beyond them has its connection closed, not drained. Thread-safe.
 */
@Component("boundedLists")
final class BoundedLists implements HttpClientConfigurer {
    /** The longest list known, OpenRouter's, has some 1 MB. */
    static final int MOST_BYTES = 4 * 1024 * 1024;

    /** From the request on. A read that waits is ended by the endpoint's responseTimeout. */
    private static final Duration MOST_TIME = Duration.ofSeconds(3);

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        // Outermost: behind whatever unpacks.
        builder.addExecInterceptorFirst("bounded lists", BoundedLists::execute);
    }

    private static ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        long began = System.nanoTime();
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new Bounded(entity, began, scope.execRuntime));
        }
        return response;
    }

    private static final class Bounded extends HttpEntityWrapper {
        private final long began;
        private final ExecRuntime connection;

        Bounded(HttpEntity entity, long began, ExecRuntime connection) {
            super(entity);
            this.began = began;
            this.connection = connection;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new BoundedStream(super.getContent(), began, connection);
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private final long began;
        private final ExecRuntime connection;
        private long room = MOST_BYTES;
        private boolean ended;

        BoundedStream(InputStream in, long began, ExecRuntime connection) {
            super(in);
            this.began = began;
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (System.nanoTime() - began > MOST_TIME.toNanos()) {
                throw refused("it took longer than " + MOST_TIME.toSeconds() + " s");
            }
            int count = super.read(bytes, offset, length);
            ended = count < 0;
            room -= Math.max(count, 0);
            if (room < 0) {
                throw refused("it is larger than " + MOST_BYTES + " bytes");
            }
            return count;
        }

        private IOException refused(String why) {
            connection.discardEndpoint();
            return new IOException(why);
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                // Closing would read the rest, however much that is.
                connection.discardEndpoint();
            }
            super.close();
        }
    }
}
