package dev.mehari.soak;

import dev.mehari.chat.Sha256;

/** The gateway's settings: everything on, and what is kept kept small, so that it comes to its size early. */
final class SoakSettings {
    static final String KEY = "soak-key";
    static final String LIMITED = "limited-key";
    static final String ADMIN = "admin-key";

    private SoakSettings() {}

    static String yaml(int upstreamPort) {
        return """
            mehari:
              access: {api-keys: %s, admin-key: %s}
              keys:
                list:
                  - {name: limited, key-hash: "%s", rpm: 30, tpm: 100000, concurrency: 2}
              cache: {enabled: true, ttl: 1m, max-size: 256KB}
              request-log: {max-rows: 500}
              conversations: {ttl: 1m}
              routing: {cooldown: {first: 1s, longest: 2s, ramp-up: 1s}}
              providers:
                openai: {base-url: "%4$s", api-key: k, pool: {keep-alive: 5s, warm-up: 0}}
                groq: {base-url: "%4$s", api-key: k, pool: {keep-alive: 5s, warm-up: 0}}
                sambanova:
                  base-url: "%4$s"
                  api-key: k
                  pool: {keep-alive: 5s, warm-up: 0}
                  timeouts: {first-token: 1s}
              models:
                - name: pair
                  deployments:
                    - {provider: groq, model: unwell, weight: 1}
                    - {provider: openai, model: well, priority: 2}
            """.formatted(KEY, ADMIN, hash(), "http://127.0.0.1:" + upstreamPort + "/v1");
    }

    private static String hash() {
        return "sha256:" + Sha256.hex(LIMITED);
    }
}
