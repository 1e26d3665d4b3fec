/**
 * OpenAI's Chat Completions API as clients speak it, to and from the hub. Source: OpenAI API reference, Chat
 * Completions, read 2026-11-21; Vapi, Deepgram, LiteLLM, OpenRouter and DeepSeek for the fields they add.
 *
 * <p>Dropped without a word: empty text parts (several providers refuse them), fields inside a content part that
 * neither OpenAI nor the named projects define, and {@code stream_options.include_obfuscation}.
 */
@NullMarked
package dev.mehari.dialect.chat;

import org.jspecify.annotations.NullMarked;
