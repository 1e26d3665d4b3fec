/** The web page at {@code /dashboard}: its files, its sessions, and the calls it hears of as they end. Nobody uses it. */
@NullMarked
package dev.mehari.dashboard;

import org.jspecify.annotations.NullMarked;
