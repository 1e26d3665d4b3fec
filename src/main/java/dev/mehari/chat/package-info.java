/**
 * What a chat is: requests, messages, events, answers, usage and errors, as a superset of every client API and every
 * provider protocol. Pure data: no Camel, no Spring, no I/O.
 */
@NullMarked
package dev.mehari.chat;

import org.jspecify.annotations.NullMarked;
