/**
 * Agents for Amazon Bedrock (InvokeAgent) as a wire protocol. An agent has its own instructions, tools and memory: of a
 * chat it is told what is new. Its requests for a function of the caller's are tool calls, both ways, without anything
 * being remembered here.
 *
 * <p>Source: botocore's {@code bedrock-agent-runtime/2023-07-26/service-2.json}, August 2026; read 2026-11-21.
 */
@NullMarked
package dev.mehari.provider.bedrockagent;

import org.jspecify.annotations.NullMarked;
