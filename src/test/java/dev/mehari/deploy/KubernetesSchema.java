package dev.mehari.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;

/**
 * Whether Kubernetes would take a manifest: its own Java client checks names, types and required fields by what was
 * generated from its OpenAPI documents. Of kinds that others define, names and types are checked by their models.
 */
final class KubernetesSchema {
    private static final Map<String, Check> CHECKS = Map.of(
            "apps/v1 Deployment", core(V1Deployment::validateJsonElement, V1Deployment.class),
            "v1 Service", core(V1Service::validateJsonElement, V1Service.class),
            "v1 ServiceAccount", core(V1ServiceAccount::validateJsonElement, V1ServiceAccount.class),
            "v1 ConfigMap", core(V1ConfigMap::validateJsonElement, V1ConfigMap.class),
            "networking.k8s.io/v1 Ingress", core(V1Ingress::validateJsonElement, V1Ingress.class),
            "networking.k8s.io/v1 NetworkPolicy", core(V1NetworkPolicy::validateJsonElement, V1NetworkPolicy.class),
            "policy/v1 PodDisruptionBudget",
                    core(V1PodDisruptionBudget::validateJsonElement, V1PodDisruptionBudget.class),
            "autoscaling/v2 HorizontalPodAutoscaler",
                    core(V2HorizontalPodAutoscaler::validateJsonElement, V2HorizontalPodAutoscaler.class),
            "gateway.networking.k8s.io/v1 HTTPRoute", custom(HTTPRoute.class),
            "monitoring.coreos.com/v1 ServiceMonitor", custom(ServiceMonitor.class));

    /** Models of custom kinds keep what they do not know; here that is a mistake. */
    private static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new NoAnySetter());

    private static final class NoAnySetter extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasAnySetter(Annotated method) {
            return false;
        }
    }

    private interface Check {
        void accept(String manifest) throws IOException;
    }

    private interface Validation {
        void accept(JsonElement manifest) throws IOException;
    }

    private KubernetesSchema() {}

    private static Check core(Validation validation, Class<?> type) {
        return manifest -> {
            validation.accept(JsonParser.parseString(manifest));
            new JSON().deserialize(manifest, type);
        };
    }

    private static Check custom(Class<?> type) {
        return manifest -> STRICT.readValue(manifest, type);
    }

    /** @throws AssertionError Kubernetes would refuse it */
    static void check(JsonNode manifest) {
        String kind = manifest.path("apiVersion").asText() + " "
                + manifest.path("kind").asText();
        Check check = CHECKS.get(kind);
        if (check == null) {
            throw new AssertionError("nothing is known of " + kind);
        }
        try {
            check.accept(manifest.toString());
        } catch (IOException | IllegalArgumentException wrong) {
            throw new AssertionError(kind + ": " + wrong.getMessage(), wrong);
        }
    }
}
