/** The command line. */
@NullMarked
package dev.mehari.cli;

import org.jspecify.annotations.NullMarked;
