/** Where state is kept that outlives a call: the SQL database. */
@NullMarked
package dev.mehari.store;

import org.jspecify.annotations.NullMarked;
