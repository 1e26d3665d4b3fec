/**
 * Anthropic's Messages API as a wire protocol. What a model can do is data ({@code anthropic/models.csv}, before it
 * {@code mehari.anthropic.models}).
 *
 * <p>Source: Anthropic API reference, Messages, versions 2023-06-01 and 2026-10-21, read 2026-11-21.
 */
@NullMarked
package dev.mehari.provider.anthropic;

import org.jspecify.annotations.NullMarked;
