package dev.mehari.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaKindTest {
    /** Text stands for bytes, one each; backslashes for what cannot be written. */
    private static byte[] bytes(String text) {
        return text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "\\211PNG\\r\\n\\032\\nrest,image/png",
        "\\377\\330\\377\\340rest,image/jpeg",
        "GIF89a,image/gif",
        "RIFF1234WEBPVP8,image/webp",
        "RIFF1234WAVEfmt,audio/wav",
        "\\0\\0\\0\\30ftypheic,image/heic",
        "\\0\\0\\0\\30ftypisom,video/mp4",
        "%PDF-1.7,application/pdf",
        "ID3\\4,audio/mp3",
        "OggS\\0,audio/ogg",
        "fLaC\\0,audio/flac",
        "PK\\3\\4 word/document.xml,application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "PK\\3\\4 xl/workbook.xml,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "PK\\3\\4 other,application/zip",
        "  <!DOCTYPE html><p>,text/html",
        "<svg xmlns=,image/svg+xml",
        "just words,text/plain",
        "a\\0b,application/octet-stream",
        "\\377\\376\\0,application/octet-stream",
        "RIF,text/plain",
    })
    void theBytesTell(String data, String type) {
        assertThat(MediaKind.of(bytes(data))).isEqualTo(type);
    }

    @Test
    void nothingIsNothing() {
        assertThat(MediaKind.of(new byte[0])).isEqualTo("application/octet-stream");
    }
}
