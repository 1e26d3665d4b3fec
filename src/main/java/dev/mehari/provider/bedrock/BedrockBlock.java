package dev.mehari.provider.bedrock;

import dev.mehari.chat.JsonWriter;

/** One content block of Converse, ready to be written: an object with exactly one key. */
@FunctionalInterface
interface BedrockBlock {
    void write(JsonWriter out);
}
