package dev.mehari.client.table;

/** What is asked of every client before every family: the columns of the table. */
enum Capability {
    PLAIN("plain"),
    STREAM("stream"),
    USAGE("usage"),
    TOOLS("parallel tools"),
    SCHEMA("structured output"),
    IMAGE("image"),
    ERRORS("errors"),
    ABORT("abort"),
    FIFTY("50 at once");

    private final String title;

    Capability(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
