/**
 * One call on its way: what is known of it, and the steps by which the routes move it on. A step's bean name is its verb
 * in the routes.
 */
@NullMarked
package dev.mehari.call;

import org.jspecify.annotations.NullMarked;
