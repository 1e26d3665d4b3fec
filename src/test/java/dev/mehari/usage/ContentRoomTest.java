package dev.mehari.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Records;
import org.junit.jupiter.api.Test;

class ContentRoomTest {
    @Test
    void whatFindsNoRoomWaitsWithoutWhatWasSaid() {
        ContentRoom room = new ContentRoom(100);
        CallRecord first = Records.saying("first", new byte[40], new byte[50]);
        CallRecord second = Records.saying("second", new byte[10], new byte[20]);
        assertThat(room.enter(first)).isSameAs(first);
        CallRecord cut = room.enter(second);
        CallContent said = cut.content();
        assertThat(said.held()).isZero();
        assertThat(said.requestBytes()).isEqualTo(10);
        assertThat(said.responseBytes()).isEqualTo(20);
        room.leave(first);
        room.leave(cut);
        assertThat(room.enter(second)).isSameAs(second);
        CallRecord silent = Records.plain("silent");
        assertThat(room.enter(silent)).isSameAs(silent);
    }
}
