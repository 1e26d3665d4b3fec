/** Any bytes into every decoder. Corpus: the golden cases, and what was found, in {@code src/test/resources/fuzz}. */
package dev.mehari.fuzz;
