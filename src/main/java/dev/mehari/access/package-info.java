/** Who may call: client keys, and how many calls at once. */
@NullMarked
package dev.mehari.access;

import org.jspecify.annotations.NullMarked;
