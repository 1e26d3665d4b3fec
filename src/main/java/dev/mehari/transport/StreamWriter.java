package dev.mehari.transport;

/** Where a streamed answer is written to. On the client's loop only. */
interface StreamWriter {
    /** Writes nowhere. */
    StreamWriter NONE = new StreamWriter() {
        @Override
        public void write(byte[] bytes, int length) {}

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void onRoom(Runnable task) {}

        @Override
        public void end() {}

        @Override
        public void drop() {}
    };

    /** Sends the first bytes of an array at once; it is only lent, until anybody else is called. */
    void write(byte[] bytes, int length);

    /** Whether the client reads more slowly than we write. */
    boolean isFull();

    /** What to run each time a full writer has room again. */
    void onRoom(Runnable task);

    /** Nothing follows. */
    void end();

    /** Closes at once; what has not gone out yet is lost. */
    void drop();
}
