/** The rules of streams, watched from outside: through the whole gateway, from a provider's socket to a client's. */
package dev.mehari.stream;
