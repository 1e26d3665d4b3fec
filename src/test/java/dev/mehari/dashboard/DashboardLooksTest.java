package dev.mehari.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.mehari.testing.Gateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The dashboard in light and dark, on a phone, and by keyboard. */
class DashboardLooksTest {
    private static final List<String> PAGES = List.of("overview", "requests", "providers", "keys", "playground");

    /**
     * Gives every text whose contrast with what is behind it is below WCAG 2's AA: 4.5, large text 3. And every control
     * whose border is below 3.
     */
    private static final String TOO_FAINT = """
            () => {
              const numbers = (colour) => {
                const found = colour.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
                const scale = colour.startsWith('color(') ? 255 : 1;
                return [...found.slice(0, 3).map((part) => part * scale), found[3] ?? 1];
              };
              const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
              const ground = (element) => {
                if (!element) return [255, 255, 255, 1];
                const own = numbers(getComputedStyle(element).backgroundColor);
                return own[3] === 1 ? own : over(own, ground(element.parentElement));
              };
              const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
                .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
                .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
              const contrast = (a, b) => {
                const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
                return (high + 0.05) / (low + 0.05);
              };
              const faint = [];
              let looked = 0;
              const check = (what, ink, below, least) => {
                looked++;
                const found = contrast(over(ink, below), below);
                if (found < least) faint.push(`${what}: ${found.toFixed(2)} instead of ${least}`);
              };
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const element = walker.currentNode.parentElement;
                const text = walker.currentNode.textContent.trim();
                if (text === '' || !element.checkVisibility() || element.closest('script, noscript, :disabled')) continue;
                const style = getComputedStyle(element);
                const size = parseFloat(style.fontSize);
                const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
                check(`"${text.slice(0, 40)}" in ${element.className || element.tagName}`, numbers(style.color),
                  ground(element), large ? 3 : 4.5);
              }
              for (const input of document.querySelectorAll('input, select, textarea')) {
                if (!input.checkVisibility()) continue;
                check(`placeholder of ${input.name}`, numbers(getComputedStyle(input, '::placeholder').color), ground(input), 4.5);
                check(`border of ${input.name}`, numbers(getComputedStyle(input).borderTopColor), ground(input), 3);
              }
              return { faint, looked };
            }""";

    private static Gateway gateway;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        Chromium.needed();
        gateway = Gateway.start(
                "mehari.access.admin-key=" + Chromium.KEY,
                "mehari.request-log.enabled=true",
                "mehari.demo.word-delay=0ms",
                "mehari.models[0].name=always",
                "mehari.models[0].deployments[0].provider=demo",
                "mehari.models[0].deployments[0].model=demo-error-503",
                "mehari.models[0].deployments[1].provider=demo",
                "mehari.models[0].deployments[1].model=demo",
                "mehari.models[0].deployments[1].priority=2");
        chromium = Chromium.before(gateway);
        for (String model : List.of("demo", "always", "always", "always", "demo-error-429", "no-such-model")) {
            gateway.chat("{\"model\":\"" + model
                    + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        }
        gateway.post(
                "/admin/keys",
                "{\"name\":\"voice\",\"budget\":5,\"rpm\":60}",
                "authorization",
                "Bearer " + Chromium.KEY);
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

    @AfterEach
    void noPageHasComplained() {
        if (chromium != null) {
            chromium.nothingWasComplainedOf();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyTextCanBeRead(ColorScheme scheme) {
        List<Object> faint = new ArrayList<>();
        Page login = chromium.window(1360, 900, scheme);
        faint.addAll(faint(login));
        login.context().close();
        Page page = chromium.dashboard(1360, 900, scheme);
        for (String name : PAGES) {
            open(page, name);
            faint.addAll(faint(page));
        }
        open(page, "requests");
        page.locator(".pill.bad").first().click();
        assertThat(page.locator("#detail .timeline")).isVisible();
        faint.addAll(faint(page));
        page.keyboard().press("Escape");
        open(page, "keys");
        page.click("text=Create key");
        faint.addAll(faint(page));
        page.context().close();
        assertThat(faint).isEmpty();
    }

    /** With what its calls have brought. */
    private static void open(Page page, String name) {
        Chromium.open(page, name);
        switch (name) {
            case "overview", "requests" -> page.waitForSelector(".pill.bad");
            case "providers" -> page.waitForSelector(".deployments .pill.ok");
            case "keys" -> page.waitForSelector(".keys-table .pill.ok");
            default -> page.waitForSelector("textarea");
        }
    }

    @SuppressWarnings("unchecked") // As the script has it.
    private static List<Object> faint(Page page) {
        Map<String, Object> found = (Map<String, Object>) page.evaluate(TOO_FAINT);
        assertThat((Integer) found.get("looked")).as("texts looked at").isGreaterThan(5);
        return (List<Object>) found.get("faint");
    }

    @Test
    void theThemeIsTheSystemsUntilAnotherIsChosen() {
        Page page = chromium.dashboard(1360, 900, ColorScheme.DARK);
        String dark = ground(page);
        assertThat(page.locator("#theme")).hasText("Light theme");
        page.click("#theme");
        assertThat(page.locator("#theme")).hasText("Dark theme");
        String light = ground(page);
        assertThat(light).isNotEqualTo(dark);
        page.reload();
        assertThat(page.locator("#theme")).hasText("Dark theme");
        assertThat(ground(page)).isEqualTo(light);
        page.context().close();
        Page system = chromium.dashboard(1360, 900, ColorScheme.LIGHT);
        assertThat(ground(system)).isEqualTo(light);
        system.context().close();
    }

    private static String ground(Page page) {
        return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
                .toString();
    }

    @Test
    void aPhoneShowsEverythingWithoutScrollingSideways() {
        Page page = chromium.dashboard(390, 844, ColorScheme.LIGHT);
        for (String name : PAGES) {
            open(page, name);
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as(name)
                    .isLessThanOrEqualTo(390);
            for (var link : page.locator(".nav a").all()) {
                var box = link.boundingBox();
                assertThat(box.x + box.width)
                        .as("the way to %s", link.textContent())
                        .isLessThanOrEqualTo(390);
            }
        }
        open(page, "requests");
        page.locator(".row-open").first().click();
        assertThat(page.locator("#detail")).isVisible();
        assertThat((Boolean) page.evaluate("(() => { const box = document.getElementById('detail');"
                        + " return box.scrollWidth <= box.clientWidth && box.clientWidth <= 390; })()"))
                .isTrue();
        page.context().close();
    }

    @Test
    void theKeyboardReachesEverythingAndIsSeen() {
        Page page = chromium.dashboard();
        open(page, "requests");
        page.reload();
        page.waitForSelector(".row-open");
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            page.keyboard().press("Tab");
            reached.add(page.evaluate("(() => { const at = document.activeElement; const style = getComputedStyle(at);"
                            + " return (at.name || at.id || at.className || at.textContent) + ' '"
                            + " + (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2); })()")
                    .toString());
        }
        assertThat(reached)
                .contains("skip true", "theme true", "logout true", "text true", "error_type true", "row-open true");
        assertThat(reached).noneMatch(one -> one.endsWith("false"));
        page.context().close();
    }

    /** WCAG 2's 1.4.11, of what is no text. */
    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyColourOfAChartCanBeSeen(ColorScheme scheme) {
        Page page = chromium.dashboard(1360, 900, scheme);
        Object faint = page.evaluate("""
                () => {
                  const colour = (name) => {
                    const probe = document.body.appendChild(document.createElement('span'));
                    probe.style.color = `var(${name})`;
                    const found = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
                    probe.remove();
                    return found;
                  };
                  const light = (rgb) => rgb.map((part) => part / 255)
                    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
                    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
                  const card = light(colour('--card'));
                  return ['--accent', '--bad-mark', ...[2, 3, 4, 5, 6].map((i) => `--series-${i}`)].filter((name) => {
                    const ink = light(colour(name));
                    return (Math.max(ink, card) + 0.05) / (Math.min(ink, card) + 0.05) < 3;
                  });
                }""");
        assertThat((List<?>) faint).isEmpty();
        page.context().close();
    }

    @Test
    void noFigureOfATableIsCut() {
        Page page = chromium.dashboard();
        open(page, "requests");
        Object cut = page.evaluate("[...document.querySelectorAll('.calls .number, .calls .status, .calls .time')]"
                + ".filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)");
        assertThat((List<?>) cut).isEmpty();
        page.context().close();
    }
}
