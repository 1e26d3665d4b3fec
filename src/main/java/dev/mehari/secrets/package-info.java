/** What must never be shown, and how logs are kept clear of it. */
@NullMarked
package dev.mehari.secrets;

import org.jspecify.annotations.NullMarked;
