/** The application: its main class, how the rooms are put together, start and stop. */
@NullMarked
package dev.mehari;

import org.jspecify.annotations.NullMarked;
