package dev.mehari.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatestTest {
    private final Latest<String> latest = new Latest<>(4);

    private void add(String... values) {
        for (String value : values) {
            latest.add(value);
        }
    }

    @Test
    void thereIsNothingBeforeTheFirst() {
        assertThat(latest.last()).isZero();
        assertThat(latest.after(0, 0, 4)).isEmpty();
    }

    @Test
    void thoseAfterANumberComeInTheirOrder() {
        add("a", "b", "c");
        assertThat(latest.last()).isEqualTo(3);
        assertThat(latest.after(0, 3, 4)).containsExactly("a", "b", "c");
        assertThat(latest.after(2, 3, 4)).containsExactly("c");
        assertThat(latest.after(3, 3, 4)).isEmpty();
        assertThat(latest.after(0, 2, 4)).containsExactly("a", "b");
    }

    @Test
    void whatHasBeenOverwrittenIsLeftOut() {
        add("a", "b", "c", "d", "e", "f");
        assertThat(latest.after(0, 6, 4)).containsExactly("c", "d", "e", "f");
        assertThat(latest.after(0, 3, 4)).containsExactly("c");
    }

    @Test
    void ofTooManyTheLastAreTold() {
        add("a", "b", "c", "d");
        assertThat(latest.after(0, 4, 2)).containsExactly("c", "d");
    }
}
