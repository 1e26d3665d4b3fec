/** Edited files on their way into the running gateway: found, checked, built beside what serves, and swapped in whole. */
@NullMarked
package dev.mehari.reload;

import org.jspecify.annotations.NullMarked;
