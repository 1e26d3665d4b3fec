package dev.mehari.dashboard;

import dev.mehari.usage.log.TimeBuckets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** The sums of an hour of calls, as the request log keeps them: always the same, up to the present minute. */
final class MadeUpCalls {
    private static final int MINUTES = 59;

    private static final String INSERT = "insert into request_rollup (span, start_at, replica, dimension, first_name,"
            + " second_name, requests, errors, cache_hits, prompt_tokens, completion_tokens, cached_tokens, cost_nano_usd,"
            + " streamed_tokens, streamed_us, total_times, first_token_times, overhead_times)"
            + " values (60, ?, 'made-up', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)";

    /** One model's traffic: calls a minute, and what each takes and costs. */
    private record Traffic(
            String provider, String model, int calls, double firstTokenMillis, int tokensPerSecond, double costUsd) {}

    private static final List<Traffic> ALL = List.of(
            new Traffic("openai", "gpt-4o-mini", 34, 310, 92, 0.0004),
            new Traffic("anthropic", "claude-sonnet-4-5", 17, 620, 71, 0.0041),
            new Traffic("gemini", "gemini-2.5-flash", 21, 380, 148, 0.0007));

    private MadeUpCalls() {}

    static void writeTo(String database) throws SQLException {
        Random random = new Random(11);
        long minute = Instant.now().getEpochSecond() / 60 * 60;
        try (Connection connection = DriverManager.getConnection(database);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            for (int ago = MINUTES; ago >= 0; ago--) {
                for (Traffic traffic : ALL) {
                    write(insert, random, minute - 60L * ago, traffic, MINUTES - ago);
                }
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private static void write(PreparedStatement insert, Random random, long start, Traffic traffic, int minute)
            throws SQLException {
        double tide = 1 + 0.35 * Math.sin(minute / 9.0) + 0.12 * random.nextGaussian();
        // Once a provider has a bad time.
        boolean ill = traffic.provider().equals("anthropic") && minute >= 31 && minute <= 36;
        int calls = (int) Math.max(3, traffic.calls() * tide);
        int errors = ill ? calls / 4 : random.nextInt(40) == 0 ? 1 : 0;
        TimeBuckets total = new TimeBuckets();
        TimeBuckets first = new TimeBuckets();
        TimeBuckets overhead = new TimeBuckets();
        long tokens = 0;
        long streamedMicros = 0;
        for (int i = 0; i < calls; i++) {
            double slow = (ill ? 2.4 : 1) * Math.exp(0.28 * random.nextGaussian());
            long firstMicros = (long) (traffic.firstTokenMillis() * 1000 * slow);
            int written = 60 + random.nextInt(180);
            long streaming = written * 1_000_000L / traffic.tokensPerSecond();
            tokens += written;
            streamedMicros += streaming;
            total.add(firstMicros + streaming);
            first.add(firstMicros);
            overhead.add(300 + random.nextInt(400));
        }
        for (String dimension : List.of("model", "key")) {
            boolean byModel = dimension.equals("model");
            insert.setLong(1, start);
            insert.setString(2, dimension);
            insert.setString(3, byModel ? traffic.provider() : traffic.model());
            insert.setString(4, byModel ? traffic.model() : "voice");
            insert.setLong(5, calls);
            insert.setLong(6, errors);
            insert.setLong(7, calls / 6);
            insert.setLong(8, calls * 420L);
            insert.setLong(9, tokens);
            insert.setLong(10, (long) (calls * traffic.costUsd() * 1e9));
            insert.setLong(11, tokens);
            insert.setLong(12, streamedMicros);
            insert.setString(13, total.text());
            insert.setString(14, first.text());
            insert.setString(15, overhead.text());
            insert.addBatch();
        }
    }
}
