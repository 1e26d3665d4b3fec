/**
 * Fetches images and files that clients name by address, for providers that do not read addresses. Made for addresses that
 * nobody here trusts: only public hosts are asked, wherever names and redirects lead, and not for much or for long.
 */
@NullMarked
package dev.mehari.media;

import org.jspecify.annotations.NullMarked;
