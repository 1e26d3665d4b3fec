/** Answers given again: through the whole gateway, and piece by piece. */
package dev.mehari.cache;
