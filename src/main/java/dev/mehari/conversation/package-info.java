/** Responses that clients ask for again or go on from, kept in the database. */
@NullMarked
package dev.mehari.conversation;

import org.jspecify.annotations.NullMarked;
