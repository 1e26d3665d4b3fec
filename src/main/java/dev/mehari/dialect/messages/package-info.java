/**
 * Anthropic's Messages API as clients speak it, to and from the hub. Source: Anthropic API reference, Messages, read
 * 2026-11-21; anthropic-java 3.11.0 and the TypeScript SDK 1.11 for what clients insist on.
 *
 * <p>Left out without a word: empty text blocks (Anthropic refuses them) and the billing header that coding agents put
 * first into {@code system}. Everything else that has no home in the hub is kept by name among the request's extras, so
 * that the answer can say that it was left out.
 *
 * <p>An answer may hold what this API has no words for: a picture goes out as an {@code image} block, sound not at all,
 * and a refusal is said both as text and in {@code stop_details}. Reasoning that no provider has signed goes out under a
 * signature of ours, since clients expect one, and loses it when it comes back.
 */
@NullMarked
package dev.mehari.dialect.messages;

import org.jspecify.annotations.NullMarked;
