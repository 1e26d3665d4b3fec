package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyMemoryTest {
    @Test
    void whatIsGivenBackCanBeHeldAgain() {
        BodyMemory memory = new BodyMemory(10);
        assertThat(memory.tryHold(6)).isTrue();
        assertThat(memory.tryHold(5)).as("only 4 are left").isFalse();
        assertThat(memory.tryHold(4)).as("a refusal holds nothing").isTrue();
        memory.release(6);
        assertThat(memory.tryHold(6)).isTrue();
    }

    @Test
    void oneBodyOfTheLargestSizeAlwaysFits() {
        assertThat(BodyMemory.ofHeap(Integer.MAX_VALUE).tryHold(Integer.MAX_VALUE))
                .isTrue();
    }
}
