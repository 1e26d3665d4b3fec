/**
 * Amazon Bedrock's Converse and ConverseStream as a wire protocol: one shape for the models of every family, with the
 * family's own fields beside it. Sent by the gateway's transport, not by the SDK's clients; what the SDK is good at
 * (credentials, signatures) is in {@code provider.aws}.
 *
 * <p>Source: botocore's {@code bedrock-runtime/2023-09-30/service-2.json}, August 2026; read 2026-11-21. Left out without
 * a word: the guardrail's trace, latency metrics, and the results of tools that Bedrock itself runs.
 */
@NullMarked
package dev.mehari.provider.bedrock;

import org.jspecify.annotations.NullMarked;
