package dev.mehari.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.mehari.testing.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pictures of all pages over an hour of made-up calls, kept in {@code target/screenshots} for people to look at. With
 * {@code -Dgolden.update=true} the README's is made anew.
 */
class DashboardPicturesTest {
    private static Gateway gateway;
    private static Chromium chromium;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        Chromium.needed();
        String database = "jdbc:sqlite:" + folder.resolve("mehari.db");
        gateway = Gateway.start(
                "mehari.access.admin-key=" + Chromium.KEY,
                "mehari.request-log.enabled=true",
                "mehari.cache.enabled=true",
                "mehari.database.url=" + database,
                "mehari.providers.openai.api-key=none",
                "mehari.providers.anthropic.api-key=none",
                "mehari.providers.gemini.api-key=none",
                "mehari.models[0].name=always",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo-error-503",
                "mehari.models[0].deployments[1].provider=demo",
                "mehari.models[0].deployments[1].model=demo",
                "mehari.models[0].deployments[1].priority=2");
        for (String key : List.of(
                "{\"name\":\"voice-agent\",\"team\":\"voice\",\"models\":[\"gpt-4o*\",\"claude-*\"],\"rpm\":600,\"tpm\":200000,"
                        + "\"budget\":50}",
                "{\"name\":\"search\",\"concurrency\":20}")) {
            gateway.post("/admin/keys", key, "authorization", "Bearer " + Chromium.KEY);
        }
        MadeUpCalls.writeTo(database);
        for (int i = 0; i < 4; i++) {
            gateway.chat(
                    "{\"model\":\"always\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        }
        chromium = Chromium.before(gateway);
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1440, 960", "DARK, 1440, 960", "LIGHT, 390, 844", "DARK, 390, 844"})
    void allPagesAreDrawn(ColorScheme scheme, int width, int height) {
        String suffix = "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width;
        Page login = chromium.window(width, height, scheme);
        Chromium.picture(login, "login" + suffix);
        login.context().close();
        Page page = chromium.dashboard(width, height, scheme);
        overview(page);
        Chromium.wholePicture(page, "overview" + suffix);
        Chromium.open(page, "requests");
        page.waitForSelector(".calls tbody tr");
        Chromium.picture(page, "requests" + suffix);
        page.locator("td.model", new Page.LocatorOptions().setHasText("always"))
                .first()
                .click();
        page.waitForSelector("#detail .timeline-row");
        Chromium.picture(page, "detail" + suffix);
        page.keyboard().press("Escape");
        Chromium.open(page, "providers");
        page.waitForSelector(".deployments .pill");
        Chromium.picture(page, "providers" + suffix);
        Chromium.open(page, "keys");
        page.waitForSelector(".keys-table .pill");
        Chromium.picture(page, "keys" + suffix);
        Chromium.open(page, "playground");
        page.fill("input[name=model]", "demo");
        page.fill("textarea[name=text]", "What is a mehari?");
        page.keyboard().press("Enter");
        assertThat(page.locator(".turn-figures").last()).containsText("Total");
        Chromium.picture(page, "playground" + suffix);
        page.context().close();
        chromium.nothingWasComplainedOf();
    }

    private static void overview(Page page) {
        page.waitForSelector(".tile");
        page.waitForFunction("document.querySelectorAll('.chart-box:not(.is-empty)').length === 6");
        page.waitForFunction("document.querySelectorAll('.calls tbody tr').length > 0");
    }

    @Test
    void thePictureOfTheReadmeIsThere() throws IOException {
        Path kept = Path.of("docs/images/dashboard.png");
        Page page = chromium.dashboard(1440, 960, ColorScheme.LIGHT);
        overview(page);
        Path made = Chromium.picture(page, "dashboard");
        page.context().close();
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(kept.getParent());
            Files.copy(made, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        org.assertj.core.api.Assertions.assertThat(Files.readString(Path.of("README.md")))
                .contains(kept.toString());
        org.assertj.core.api.Assertions.assertThat(kept).exists();
    }
}
