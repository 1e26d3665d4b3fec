/**
 * Where state is kept that outlives a call: the SQL database, and Redis for what replicas share. Both stand behind a
 * fence: one that is slow or gone costs a call at most its time-out, and then nothing until it is back.
 * docs/shared-state.md tells what is kept in Redis.
 */
@NullMarked
package dev.mehari.store;

import org.jspecify.annotations.NullMarked;
