package dev.mehari.conformance;

/**
 * One thing that is demanded of an endpoint.
 *
 * @param id such as {@code stream.done}; the word before the dot is its group
 * @param must whether clients break without it; else it is told, and counts only where the user is strict
 * @param text what is demanded, one sentence
 * @param source the protocol and its section; docs/conformance-tool.md says which public document each restates
 * @param advice what to do about it
 */
public record Demand(String id, boolean must, String text, String source, String advice) {
    static Demand must(String id, String text, String source, String advice) {
        return new Demand(id, true, text, source, advice);
    }

    static Demand should(String id, String text, String source, String advice) {
        return new Demand(id, false, text, source, advice);
    }

    String group() {
        return id.substring(0, id.indexOf('.'));
    }
}
