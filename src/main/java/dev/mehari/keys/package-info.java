/** Keys that operators hand out: made, found, changed and taken back in the database. */
@NullMarked
package dev.mehari.keys;

import org.jspecify.annotations.NullMarked;
