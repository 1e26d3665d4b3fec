package dev.mehari;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom. docs/architecture.md tells why. */
@AnalyzeClasses(packages = "dev.mehari", importOptions = DoNotIncludeTests.class)
class RoomsTest {
    private static final String[] FOR_ALL = {"java..", "org.jspecify..", "dev.mehari.chat.."};

    /** They stand above all others: the root, and what only it begins. */
    private static final String[] TOP = {"dev.mehari", "dev.mehari.startup..", "dev.mehari.offline.."};

    @ArchTest
    static final ArchRule chatKnowsOnlyJackson = room("chat", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule configKnowsSpring =
            room("config", "dev.mehari.config..", "org.springframework..", "org.slf4j..");

    @ArchTest
    static final ArchRule transportKnowsVertxAndCamel = room(
            "transport",
            "dev.mehari.transport..",
            "io.vertx..",
            "io.netty..",
            "org.apache.camel..",
            "org.slf4j..",
            "javax.net.ssl..");

    @ArchTest
    static final ArchRule dialectsKnowTheChat =
            room("dialect", "dev.mehari.dialect..", "com.fasterxml.jackson..", "org.springframework.stereotype..");

    @ArchTest
    static final ArchRule providersKnowSettingsAndTransport = room(
            "provider",
            "dev.mehari.provider..",
            "dev.mehari.config..",
            "dev.mehari.secrets..",
            "dev.mehari.transport..",
            "com.fasterxml.jackson..",
            "com.github.benmanes.caffeine..",
            "com.google.api.client..",
            "com.google.auth..",
            "software.amazon.awssdk..",
            "javax.net.ssl..",
            "org.springframework.context.annotation..",
            "org.springframework.stereotype..");

    @ArchTest
    static final ArchRule timeOutsDoNotGoByTheWallClock = noClasses()
            .that()
            .resideInAPackage("dev.mehari.transport..")
            .and()
            .doNotHaveSimpleName("RequestId")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule mediaKnowsVertx = room("media", "dev.mehari.media..", "io.vertx..");

    @ArchTest
    static final ArchRule routingIsPlainJava = room("routing", "dev.mehari.routing..");

    @ArchTest
    static final ArchRule accessIsPlainJava = room("access", "dev.mehari.access..", "javax.crypto..");

    @ArchTest
    static final ArchRule cacheKnowsSettings = room(
            "cache",
            "dev.mehari.cache..",
            "dev.mehari.config..",
            "com.fasterxml.jackson..",
            "com.github.benmanes.caffeine..");

    @ArchTest
    static final ArchRule secretsKnowTheLogs =
            room("secrets", "dev.mehari.secrets..", "ch.qos.logback..", "org.slf4j..", "org.springframework..");

    @ArchTest
    static final ArchRule pricesKnowTokens = room(
            "price",
            "dev.mehari.price..",
            "dev.mehari.access..",
            "com.fasterxml.jackson.core..",
            "com.fasterxml.jackson.databind..",
            "com.knuddels.jtokkit..",
            "org.yaml.snakeyaml..");

    @ArchTest
    static final ArchRule keysKnowTheStore = room(
            "keys",
            "dev.mehari.keys..",
            "dev.mehari.access..",
            "dev.mehari.price..",
            "dev.mehari.store..",
            "com.fasterxml.jackson..",
            "com.github.benmanes.caffeine..",
            "org.springframework.jdbc..");

    @ArchTest
    static final ArchRule spendingKnowsTheStore = room(
            "spend",
            "dev.mehari.spend..",
            "dev.mehari.access..",
            "dev.mehari.price..",
            "dev.mehari.store..",
            "com.fasterxml.jackson..",
            "org.springframework.jdbc..",
            "org.slf4j..");

    @ArchTest
    static final ArchRule storeKnowsWhatItKeeps = room(
            "store",
            "dev.mehari.store..",
            "dev.mehari.access..",
            "dev.mehari.cache..",
            "dev.mehari.config..",
            "dev.mehari.routing..",
            "io.lettuce..",
            "io.netty..",
            "com.zaxxer.hikari..",
            "org.flywaydb..",
            "org.springframework.jdbc..",
            "org.springframework.transaction..",
            "javax.sql..",
            "org.slf4j..");

    @ArchTest
    static final ArchRule conversationsKnowTheStore = room(
            "conversation",
            "dev.mehari.conversation..",
            "dev.mehari.store..",
            "com.fasterxml.jackson..",
            "org.springframework.jdbc..",
            "org.slf4j..");

    @ArchTest
    static final ArchRule usageKnowsCallsOnlyByTheirRecords = room(
            "usage",
            "dev.mehari.usage..",
            "dev.mehari.cache..",
            "dev.mehari.config..",
            "dev.mehari.routing..",
            "dev.mehari.store..",
            "com.fasterxml.jackson..",
            "io.micrometer..",
            "io.opentelemetry..",
            "org.HdrHistogram..",
            "org.springframework.jdbc..",
            "org.slf4j..");

    /** What it shows and does it asks the other rooms for; they do not know of it. */
    @ArchTest
    static final ArchRule nobodyKnowsTheAdmin = noClasses()
            .that()
            .resideOutsideOfPackages("dev.mehari", "..mehari.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..mehari.admin..");

    @ArchTest
    static final ArchRule nobodyKnowsTheReload = noClasses()
            .that()
            .resideOutsideOfPackages(topAnd("dev.mehari.configured..", "dev.mehari.reload.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..mehari.reload..");

    @ArchTest
    static final ArchRule nobodyKnowsTheImports = noClasses()
            .that()
            .resideOutsideOfPackages(topAnd("dev.mehari.migrate.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..mehari.migrate..");

    @ArchTest
    static final ArchRule nobodyKnowsTheDashboard = noClasses()
            .that()
            .resideOutsideOfPackage("..mehari.dashboard..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..mehari.dashboard..");

    @ArchTest
    static final ArchRule theDashboardHearsOfCallsAndServesFiles = room(
            "dashboard",
            "dev.mehari.dashboard..",
            "dev.mehari.access..",
            "dev.mehari.cache..",
            "dev.mehari.routing..",
            "dev.mehari.transport..",
            "dev.mehari.usage..",
            "com.fasterxml.jackson..",
            "io.vertx.core..",
            "org.apache.camel..",
            "org.springframework..",
            "org.slf4j..");

    /** It works without the gateway: what it demands of one it must not learn from it. */
    @ArchTest
    static final ArchRule theConformanceToolKnowsNoOtherRoom =
            room("conformance", "dev.mehari.conformance..", "com.fasterxml.jackson..", "javax.net..");

    @ArchTest
    static final ArchRule importsKnowFilesAndPrices =
            room("migrate", "dev.mehari.migrate..", "dev.mehari.price..", "org.yaml.snakeyaml..");

    /** What needs the gateway's own rooms comes in by an interface; the conformance tool needs none. */
    @ArchTest
    static final ArchRule commandsKnowOnlyTheConformanceTool =
            room("cli", "dev.mehari.cli..", "dev.mehari.conformance..", "picocli..");

    @ArchTest
    static final ArchRule callsKnowNoEdge = noClasses()
            .that()
            .resideInAPackage("..call..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.mehari", "..mehari.edge..", "..mehari.report..", "..mehari.cli..");

    @ArchTest
    static final ArchRule nobodyKnowsTheRoot = noClasses()
            .that()
            .resideInAPackage("dev.mehari.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.mehari");

    /** What settings mean is for those to ask who start with them, swap them or check them. */
    @ArchTest
    static final ArchRule onlyTheTopKnowsWhatIsConfigured = noClasses()
            .that()
            .resideOutsideOfPackages(topAnd("dev.mehari.configured.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.mehari.configured..");

    @ArchTest
    static final ArchRule onlyTheTopKnowsTheTop = noClasses()
            .that()
            .resideOutsideOfPackages(TOP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TOP);

    @ArchTest
    static final ArchRule roomsFormNoCircle =
            slices().matching("dev.mehari.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesAreNouns = noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)");

    @ArchTest
    static final ArchRule translationIsPure = noClasses()
            .that()
            .resideInAnyPackage("dev.mehari.dialect..", "dev.mehari.provider..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "org.slf4j..", "java.io.File*", "java.net.http..");

    /** Who calls AWS, how a path is written, and the client of Camel's endpoint are all that its SDK is here for. */
    @ArchTest
    static final ArchRule onlyOneRoomKnowsTheAwsSdk = noClasses()
            .that()
            .resideOutsideOfPackages("..provider.aws..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    /** Errors and the choice of a provider may; what every request, answer and chunk passes through may not. */
    @ArchTest
    static final ArchRule noPatternsOnTheWayOfEveryCall = noClasses()
            .that()
            .resideInAnyPackage("dev.mehari.provider.openai", "dev.mehari.provider.anthropic")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex..");

    private static String[] topAnd(String... rooms) {
        return Stream.concat(Stream.of(TOP), Stream.of(rooms)).toArray(String[]::new);
    }

    private static ArchRule room(String name, String... known) {
        return classes()
                .that()
                .resideInAPackage("dev.mehari." + name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(Stream.of(FOR_ALL), Stream.of(known)).toArray(String[]::new));
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path folder : files.filter(Files::isDirectory).toList()) {
                if (holdsClasses(folder)) {
                    Path info = folder.resolve("package-info.java");
                    assertThat(info).exists();
                    assertThat(Files.readString(info)).contains("@NullMarked");
                }
            }
        }
    }

    private static boolean holdsClasses(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        }
    }
}
