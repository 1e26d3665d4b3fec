/**
 * OpenAI's Embeddings API as clients speak it, to and from the hub. Source: OpenAI API reference, Embeddings, read
 * 2026-11-21.
 */
@NullMarked
package dev.mehari.dialect.embeddings;

import org.jspecify.annotations.NullMarked;
