/**
 * What becomes of calls: who asked what of whom, what it cost in time and tokens, and who is told of it. Observes answers
 * as they pass and never delays them.
 */
@NullMarked
package dev.mehari.usage;

import org.jspecify.annotations.NullMarked;
