/**
 * The commands that use the gateway's own rooms without serving anybody: {@code init}, {@code check}, {@code routes},
 * {@code import}, {@code keys}, {@code train}.
 */
@NullMarked
package dev.mehari.offline;

import org.jspecify.annotations.NullMarked;
