/** What other gateways' settings become here. */
@NullMarked
package dev.mehari.migrate;

import org.jspecify.annotations.NullMarked;
