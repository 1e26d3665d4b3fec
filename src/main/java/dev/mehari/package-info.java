/** The application: its main class, and how the rooms are put together. */
@NullMarked
package dev.mehari;

import org.jspecify.annotations.NullMarked;
