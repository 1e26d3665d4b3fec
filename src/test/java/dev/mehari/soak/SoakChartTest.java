package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SoakChartTest {
    private static Document chart(List<Sample> samples) throws Exception {
        byte[] svg = SoakChart.svg(samples).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    }

    private static Sample sample(double seconds, double value) {
        return new Sample(
                seconds, Arrays.stream(Series.values()).collect(Collectors.toMap(series -> series, series -> value)));
    }

    @Test
    void eachSeriesIsALineFromTheLeftToItsHighestPoint() throws Exception {
        Document chart = chart(List.of(sample(0, 0), sample(10, 500)));
        assertThat(chart.getElementsByTagName("polyline").getLength()).isEqualTo(Series.values().length);
        assertThat(chart.getElementsByTagName("polyline")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("points")
                        .getTextContent())
                .isEqualTo("20,130 340,40");
    }

    @Test
    void aRunThatEndedBeforeItsFirstSampleHasAChartToo() throws Exception {
        assertThat(chart(List.of()).getDocumentElement().getTagName()).isEqualTo("svg");
    }
}
