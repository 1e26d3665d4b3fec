/** The APIs that clients speak to us, and how they turn into the hub's types and back. */
@NullMarked
package dev.mehari.dialect;

import org.jspecify.annotations.NullMarked;
