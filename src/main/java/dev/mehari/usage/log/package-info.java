/** The request log: one row a call, written beside the calls, and what is asked of it. */
@NullMarked
package dev.mehari.usage.log;

import org.jspecify.annotations.NullMarked;
