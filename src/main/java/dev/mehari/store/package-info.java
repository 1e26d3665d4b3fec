/**
 * What replicas share, in Redis, behind a fence: a Redis that is slow or gone costs a call at most one time-out, and then
 * nothing until it is back. docs/shared-state.md tells what is kept there.
 */
@NullMarked
package dev.mehari.store;

import org.jspecify.annotations.NullMarked;
