/**
 * The sockets of both sides: doors for clients, pools to providers, time-outs, abort when a client leaves, and the pump
 * of an open stream. The only room that knows that there are event loops (Vert.x).
 */
@NullMarked
package dev.mehari.transport;

import org.jspecify.annotations.NullMarked;
