/** What operators see and do at {@code /admin}; each door begins with the step {@code authenticateAdmin}. */
@NullMarked
package dev.mehari.admin;

import org.jspecify.annotations.NullMarked;
