package dev.mehari.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.mehari.testing.Gateway;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The system's Chromium, driven by Playwright, looking at one gateway. What pages complain of is noted; a test ends with
 * {@link #nothingWasComplainedOf}.
 */
final class Chromium implements AutoCloseable {
    static final String KEY = "admin-key-of-this-test";

    /** For what the page waits for; generous, as the machine may be busy. */
    private static final double PATIENCE_MILLIS = 30_000;

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;
    private final Gateway gateway;
    private final List<String> complaints = new ArrayList<>();

    private Chromium(Playwright playwright, Browser browser, Gateway gateway) {
        this.playwright = playwright;
        this.browser = browser;
        this.gateway = gateway;
    }

    /** Starts it; the tests are skipped, with a word why, where there is none. */
    static Chromium before(Gateway gateway) {
        Path executable = executable();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable));
        return new Chromium(playwright, browser, gateway);
    }

    /** Before anything else is started. */
    static void needed() {
        executable();
    }

    private static Path executable() {
        Path found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(
                found != null,
                "SKIPPED: no Chromium on the PATH, so nobody has looked at the dashboard; apt-get install chromium");
        return found;
    }

    /** A new window, as if of another computer, at the log-in page. */
    Page window(int width, int height, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setLocale("en-GB"));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.onConsoleMessage(this::note);
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.navigate(gateway.url() + "/dashboard");
        return page;
    }

    private void note(ConsoleMessage message) {
        if (Set.of("error", "warning").contains(message.type())) {
            complaints.add(message.text() + " " + message.location());
        }
    }

    /** A new window in a session of its own. */
    Page dashboard(int width, int height, ColorScheme scheme) {
        Page page = window(width, height, scheme);
        page.fill("#key", KEY);
        page.click("text=Log in >> nth=-1");
        page.waitForSelector(".live.live");
        return page;
    }

    Page dashboard() {
        return dashboard(1360, 900, ColorScheme.LIGHT);
    }

    /** Goes to one of the pages and waits until it is drawn. */
    static void open(Page page, String name) {
        page.evaluate("name => { location.hash = '#/' + name; }", name);
        page.waitForSelector("#view." + name.replaceAll("\\?.*", "") + " h1");
    }

    /** Takes a picture, for people to look at. */
    static Path picture(Page page, String name) {
        Path file = Path.of("target/screenshots", name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
        return file;
    }

    /** The same of all that there is to scroll to. */
    static void wholePicture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screenshots", name + ".png"))
                .setFullPage(true));
    }

    void nothingWasComplainedOf() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        assertThat(all).isEmpty();
    }

    /** What was complained of, for tests that provoke it. */
    void forgetComplaints() {
        complaints.clear();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
