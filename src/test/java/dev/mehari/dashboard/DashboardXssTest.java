package dev.mehari.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.mehari.chat.Json;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients and providers send is text on every page, whatever it holds and however long it is. */
class DashboardXssTest {
    private static final String MARKUP = "<script>window.xss=1</script><img src=x onerror=window.xss=2>"
            + "<svg onload=window.xss=3>\"'`{{7*7}}${7*7}</title></textarea><a href=javascript:window.xss=4>x</a>";
    private static final String LONG = MARKUP + "A".repeat(10_000);

    private static ScriptedUpstream upstream;
    private static Gateway gateway;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        Chromium.needed();
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.access.admin-key=" + Chromium.KEY,
                "mehari.request-log.enabled=true",
                "mehari.default-provider=openai");
        chromium = Chromium.before(gateway);
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (gateway != null) {
            gateway.close();
            upstream.close();
        }
    }

    /** Tells what a page of ours should never do. */
    private static Page watched() {
        Page page = chromium.dashboard();
        page.addInitScript("window.violations = [];"
                + " addEventListener('securitypolicyviolation', event => window.violations.push(event.blockedURI));");
        page.reload();
        page.waitForSelector(".live.live");
        return page;
    }

    private static void isHarmless(Page page) {
        assertThat(page.evaluate("window.xss")).isNull();
        assertThat(page.evaluate("window.violations")).isEqualTo(List.of());
        assertThat(page.locator("main img, main script, main iframe, dialog img, dialog script, a[href^=javascript]"))
                .hasCount(0);
        assertThat(page.locator("main svg[onload], dialog svg")).hasCount(0);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing is wider than the window")
                .isTrue();
    }

    private static String request(String model, String user) {
        return "{\"model\":" + Json.quoted(model) + ",\"user\":" + Json.quoted(user)
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    @Test
    void namesAndErrorsAreTextInListsAndDetails() {
        upstream.answer(Script.json(400, "{\"error\":{\"message\":" + Json.quoted(LONG) + ",\"type\":\"x\"}}"));
        List<String> ids = List.of(MARKUP, LONG).stream()
                .map(text -> gateway.chat(request(text, text), "x-session-id", MARKUP)
                        .headers()
                        .firstValue("x-request-id")
                        .orElseThrow())
                .toList();
        Page page = watched();
        for (String name : List.of("overview", "requests", "providers", "requests?text=%3Cscript%3E")) {
            Chromium.open(page, name);
            page.waitForSelector("td.model >> text=<script>");
            isHarmless(page);
        }
        Chromium.open(page, "requests");
        for (String id : ids) {
            page.locator("tr[data-id='" + id + "']").click();
            Locator drawer = page.locator("#detail");
            assertThat(drawer.locator("h2")).containsText("<script>window.xss=1</script>");
            assertThat(drawer.locator(".message")).containsText("<img src=x onerror=window.xss=2>");
            assertThat(drawer).containsText("User");
            isHarmless(page);
            assertThat((Boolean) drawer.evaluate("drawer => drawer.scrollWidth <= drawer.clientWidth"))
                    .isTrue();
            page.keyboard().press("Escape");
        }
        page.setViewportSize(390, 844);
        isHarmless(page);
        page.context().close();
        chromium.nothingWasComplainedOf();
    }

    @Test
    void keysAreTextToo() {
        String name = MARKUP;
        gateway.post(
                "/admin/keys",
                "{\"name\":" + Json.quoted(name) + ",\"team\":" + Json.quoted(name) + ",\"models\":["
                        + Json.quoted(name) + "]}",
                "authorization",
                "Bearer " + Chromium.KEY);
        Page page = watched();
        Chromium.open(page, "keys");
        assertThat(page.locator(".keys-table td.model")).containsText("<script>window.xss=1</script>");
        isHarmless(page);
        page.click("text=Revoke");
        assertThat(page.locator("#ask h2")).containsText("<script>");
        isHarmless(page);
        page.context().close();
        chromium.nothingWasComplainedOf();
    }

    @Test
    void whatAModelAnswersIsTextInThePlayground() {
        upstream.answer(Script.events(Answers.stream(MARKUP.replace("\"", "\\\""), "A".repeat(10_000))));
        Page page = watched();
        Chromium.open(page, "playground");
        page.fill("input[name=model]", "gpt-4o-mini");
        page.fill("textarea[name=text]", MARKUP);
        page.keyboard().press("Enter");
        assertThat(page.locator(".turn.assistant .turn-text")).containsText("<script>window.xss=1</script>");
        assertThat(page.locator(".turn.assistant .turn-figures")).containsText("Total");
        isHarmless(page);
        page.context().close();
        chromium.nothingWasComplainedOf();
    }

    @Test
    void scriptsFromElsewhereDoNotRunAtAll() {
        Page page = watched();
        // What a fault of ours might do; the policy has the last word.
        for (String fault : List.of(
                "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.xss=5>')",
                "document.querySelector('main').innerHTML = '<svg onload=window.xss=5>'",
                "const script = document.createElement('script'); script.textContent = 'window.xss = 5';"
                        + " document.body.append(script)",
                "document.querySelector('main').setAttribute('onclick', 'window.xss = 5')")) {
            assertThat(page.evaluate(
                            "() => { try { " + fault + "; return 'done'; } catch (refused) { return 'refused'; } }"))
                    .isEqualTo("refused");
        }
        assertThat(page.evaluate("window.xss")).isNull();
        page.context().close();
        chromium.forgetComplaints();
    }
}
