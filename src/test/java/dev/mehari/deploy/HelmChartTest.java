package dev.mehari.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.config.ProviderSettings;
import dev.mehari.deploy.HelmChart.Manifests;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What the chart makes of its values is what Kubernetes takes, and fits together. */
class HelmChartTest {
    private static final String STORES = """
            redis: {secret: stores}
            database: {secret: stores, key: PG_URL}
            """;

    private static final String EVERYTHING = STORES + """
            image: {repository: registry.example/mehari, tag: "1.2.3"}
            imagePullSecrets: [{name: registry}]
            secret: keys
            env:
              - {name: MEHARI_ENVIRONMENT, value: prod}
              - name: OPENAI_API_KEY
                valueFrom: {secretKeyRef: {name: openai, key: key}}
            application:
              mehari:
                models:
                  - name: fast
                    deployments: [{provider: demo, model: demo}]
            restartOnChange: true
            routes:
              files:
                mine.camel.yaml: |
                  - route:
                      id: mine
                      from: {uri: "direct:mine"}
            service: {type: LoadBalancer, annotations: {a: b}}
            autoscaling: {enabled: true}
            serviceMonitor: {enabled: true, labels: {release: prometheus}}
            networkPolicy:
              enabled: true
              from:
                - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}
            ingress: {enabled: true, host: llm.example, tlsSecret: tls}
            gateway:
              enabled: true
              parents: [{name: public, namespace: gateways, sectionName: https}]
              hosts: [llm.example]
            serviceAccount: {annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/mehari"}}
            jvmOptions: -Xmx512m
            podLabels: {team: voice}
            podAnnotations: {c: d}
            nodeSelector: {disk: fast}
            tolerations: [{key: voice, operator: Exists}]
            affinity: {nodeAffinity: {}}
            """;

    @Test
    void helmHasNothingAgainstIt() {
        assertThat(HelmChart.lint().isFailed())
                .as(HelmChart.lint().getMessages().toString())
                .isFalse();
    }

    @Test
    void withoutValuesItIsOneReplica() {
        Manifests manifests = HelmChart.render("");
        assertThat(manifests.kinds()).containsExactly("Deployment", "Service", "ServiceAccount");
        manifests.all().forEach(KubernetesSchema::check);
        assertThat(manifests.one("Deployment").at("/spec/replicas").asInt()).isOne();
        assertThat(manifests.container().at("/envFrom/0/secretRef/name").asText())
                .isEqualTo("mehari");
    }

    @Test
    void withAllThatItHasKubernetesTakesIt() {
        Manifests manifests = HelmChart.render(EVERYTHING);
        assertThat(manifests.kinds())
                .containsExactly(
                        "ConfigMap",
                        "ConfigMap",
                        "Deployment",
                        "HTTPRoute",
                        "HorizontalPodAutoscaler",
                        "Ingress",
                        "NetworkPolicy",
                        "PodDisruptionBudget",
                        "Service",
                        "ServiceAccount",
                        "ServiceMonitor");
        manifests.all().forEach(KubernetesSchema::check);
    }

    /** A check that refuses nothing would be none. */
    @ParameterizedTest
    @CsvSource({
        "Deployment, /spec/template/spec/containers/0/lifecycle/preStop, sleeep",
        "Service, /spec, port",
        "HorizontalPodAutoscaler, /spec/metrics/0/pods/target, value2",
        "NetworkPolicy, /spec/egress/0, port",
        "HTTPRoute, /spec/rules/0/timeouts, connect",
        "ServiceMonitor, /spec/endpoints/0, url",
    })
    void aFieldThatKubernetesDoesNotKnowIsFound(String kind, String place, String field) {
        JsonNode manifest = HelmChart.render(EVERYTHING).one(kind);
        ((ObjectNode) manifest.at(place)).putObject(field);
        assertThatThrownBy(() -> KubernetesSchema.check(manifest))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(field);
    }

    @Test
    void aFieldThatIsMissingIsFound() {
        JsonNode manifest = HelmChart.render("").one("Deployment");
        ((ObjectNode) manifest.at("/spec")).remove("selector");
        assertThatThrownBy(() -> KubernetesSchema.check(manifest)).hasMessageContaining("selector");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replica: 2 | replica",
                "replicas: 2 | redis.secret and database.secret",
                "autoscaling: {enabled: true} | redis.secret and database.secret",
                "drain: {graceSeconds: 10m} | graceSeconds",
                "gateway: {enabled: true} | gateway.parents",
                "routes: {files: {mine.yaml: ''}} | mine.yaml",
                "routes: {files: {a.camel.yaml: ''}, configMap: mine} | name one",
            })
    void valuesThatCannotWorkAreRefusedByTheirNames(String values, String named) {
        assertThatThrownBy(() -> HelmChart.render(values)).hasMessageContaining(named);
    }

    @Test
    void whatNamesSomethingElseNamesWhatIsThere() {
        Manifests manifests = HelmChart.render(EVERYTHING);
        JsonNode labels = manifests.one("Deployment").at("/spec/template/metadata/labels");
        List<JsonNode> selectors = new ArrayList<>();
        selectors.add(manifests.one("Deployment").at("/spec/selector/matchLabels"));
        selectors.add(manifests.one("Service").at("/spec/selector"));
        selectors.add(manifests.one("PodDisruptionBudget").at("/spec/selector/matchLabels"));
        selectors.add(manifests.one("NetworkPolicy").at("/spec/podSelector/matchLabels"));
        manifests
                .pod()
                .path("topologySpreadConstraints")
                .forEach(spread -> selectors.add(spread.at("/labelSelector/matchLabels")));
        assertThat(selectors).hasSize(6).allSatisfy(selector -> selector.properties()
                .forEach(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue())));
        JsonNode service = manifests.one("Service").at("/metadata");
        manifests
                .one("ServiceMonitor")
                .at("/spec/selector/matchLabels")
                .properties()
                .forEach(label ->
                        assertThat(service.path("labels").path(label.getKey())).isEqualTo(label.getValue()));

        JsonNode name = service.path("name");
        assertThat(manifests.one("HorizontalPodAutoscaler").at("/spec/scaleTargetRef/name"))
                .isEqualTo(name);
        assertThat(manifests.one("Ingress").at("/spec/rules/0/http/paths/0/backend/service/name"))
                .isEqualTo(name);
        assertThat(manifests.one("HTTPRoute").at("/spec/rules/0/backendRefs/0/name"))
                .isEqualTo(name);
        assertThat(manifests.one("HTTPRoute").at("/spec/rules/0/backendRefs/0/port"))
                .isEqualTo(manifests.one("Service").at("/spec/ports/0/port"));
        assertThat(manifests.pod().path("serviceAccountName"))
                .isEqualTo(manifests.one("ServiceAccount").at("/metadata/name"));
        // An autoscaler and a number of replicas would fight.
        assertThat(manifests.one("Deployment").path("spec").has("replicas")).isFalse();

        List<String> volumes = manifests.pod().path("volumes").findValuesAsText("name");
        assertThat(volumes)
                .containsAll(manifests.container().path("volumeMounts").findValuesAsText("name"));
        List<String> maps = manifests.all().stream()
                .filter(manifest -> manifest.path("kind").asText().equals("ConfigMap"))
                .map(manifest -> manifest.at("/metadata/name").asText())
                .toList();
        assertThat(manifests.pod().path("volumes").findValues("configMap"))
                .extracting(map -> map.path("name").asText())
                .containsExactlyInAnyOrderElementsOf(maps);
    }

    @Test
    void aPodIsGivenTimeForTheLongestStream() {
        Manifests manifests = HelmChart.render("");
        int preStop =
                manifests.container().at("/lifecycle/preStop/sleep/seconds").asInt();
        Duration delay = seconds(manifests.variable("MEHARI_SHUTDOWN_DELAY"));
        Duration grace = seconds(manifests.variable("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"));
        Duration longestStream = longestStream();
        assertThat(grace).isGreaterThan(longestStream);
        assertThat(manifests.pod().path("terminationGracePeriodSeconds").asLong())
                .isGreaterThan(preStop + delay.plus(grace).toSeconds());
        JsonNode annotations = HelmChart.render(EVERYTHING).one("Ingress").at("/metadata/annotations");
        assertThat(annotations
                        .path("nginx.ingress.kubernetes.io/proxy-read-timeout")
                        .asLong())
                .isGreaterThan(longestStream.toSeconds());
        assertThat(annotations
                        .path("nginx.ingress.kubernetes.io/proxy-buffering")
                        .asText())
                .isEqualTo("off");
        assertThat(HelmChart.render(EVERYTHING)
                        .one("HTTPRoute")
                        .at("/spec/rules/0/timeouts/request")
                        .asText())
                .isEqualTo("0s");
    }

    /** What a provider has by default for an attempt. */
    private static Duration longestStream() {
        for (Parameter timeout : ProviderSettings.Timeouts.class.getDeclaredConstructors()[0].getParameters()) {
            if (timeout.getName().equals("total")) {
                return seconds(timeout.getAnnotation(DefaultValue.class).value()[0]);
            }
        }
        throw new AssertionError("there is no total any more");
    }

    private static Duration seconds(String text) {
        return Duration.parse("PT" + text);
    }

    @Test
    void nobodyNeedsToBeTrustedWithMoreThanTheCalls() {
        JsonNode pod = HelmChart.render("").pod();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
        JsonNode container = pod.at("/containers/0/securityContext");
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        // What is written goes to folders of its own, the data among them: it is the working folder's.
        List<String> mounts = pod.at("/containers/0/volumeMounts").findValuesAsText("mountPath");
        assertThat(mounts).contains("/tmp", pod.at("/containers/0/workingDir").asText());
    }

    @Test
    void doorsAndMetricsAreThoseOfTheGateway() throws IOException {
        Manifests manifests = HelmChart.render(EVERYTHING);
        String doors = Files.readString(Path.of("routes/edge.camel.yaml"));
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            String path = manifests.container().path(probe).at("/httpGet/path").asText();
            assertThat(doors).contains("uri: platform-http:" + path + "\n");
        }
        assertThat(manifests.container().at("/readinessProbe/httpGet/path").asText())
                .isEqualTo("/health/ready");
        assertThat(manifests.container().at("/livenessProbe/httpGet/path").asText())
                .isEqualTo("/health/live");
        String metric = manifests
                .one("HorizontalPodAutoscaler")
                .at("/spec/metrics/0/pods/metric/name")
                .asText();
        assertThat(Files.readString(Path.of("docs/observability.md"))).contains('`' + metric + '`');
        String scraped =
                manifests.one("ServiceMonitor").at("/spec/endpoints/0/path").asText();
        assertThat(doors).contains("uri: platform-http:" + scraped + "\n");
    }

    @Test
    void theVersionIsTheProjects() throws IOException {
        String version = HelmChart.read(Files.readString(HelmChart.FOLDER.resolve("Chart.yaml")))
                .getFirst()
                .path("appVersion")
                .asText();
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + version + "</version>");
    }
}
