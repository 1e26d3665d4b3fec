package dev.mehari.provider.bedrockagent;

/** Takes what agents tell of their thinking, for whoever looks for a fault. It holds what users said. Thread-safe. */
public interface AgentTraces {
    /** Nobody looks. */
    AgentTraces NONE = new AgentTraces() {
        @Override
        public boolean wanted() {
            return false;
        }

        @Override
        public void trace(String provider, String json) {}
    };

    boolean wanted();

    /** @param json one trace event */
    void trace(String provider, String json);
}
