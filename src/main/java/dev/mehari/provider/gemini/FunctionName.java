package dev.mehari.provider.gemini;

/**
 * Names of functions. OpenAI's may begin with a digit or a dash, Gemini's only with a letter or an underscore: such a name
 * gets an underscore in front, and so does one that has underscores there already, so that the way back is never in doubt.
 */
final class FunctionName {
    private FunctionName() {}

    static String upstream(String name) {
        return startsOddly(name) ? '_' + name : name;
    }

    static String client(String name) {
        return name.startsWith("_") && startsOddly(name) ? name.substring(1) : name;
    }

    /** After any number of underscores comes what Gemini would not begin a name with. */
    private static boolean startsOddly(String name) {
        int first = 0;
        while (first < name.length() && name.charAt(first) == '_') {
            first++;
        }
        return first < name.length() && !Character.isLetter(name.charAt(first));
    }
}
