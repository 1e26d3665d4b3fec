/**
 * The providers behind the gateway: what each is, and the contract between a call and a wire protocol. One sub-room a
 * protocol, each with the same file names.
 */
@NullMarked
package dev.mehari.provider;

import org.jspecify.annotations.NullMarked;
