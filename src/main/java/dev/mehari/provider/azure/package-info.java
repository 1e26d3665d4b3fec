/**
 * Azure OpenAI as a wire protocol: OpenAI's API at other addresses, with deployments for models, filters around them and
 * Entra ID at the door. What goes over the wire is read and written by {@link dev.mehari.provider.openai}; here is only
 * what differs. Source: Azure OpenAI REST reference; openai-java {@code com.openai.azure}; read 2026-11-21.
 */
@NullMarked
package dev.mehari.provider.azure;

import org.jspecify.annotations.NullMarked;
