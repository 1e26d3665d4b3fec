package dev.mehari.reload;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.TypeConverter;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.boot.SpringBootCamelContext;
import org.apache.camel.spring.boot.SpringTypeConverter;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Makes further Camel contexts just as Spring Boot makes the first: with its beans as steps, all of {@code camel.*}, and
 * every {@link CamelContextConfiguration}. They bear its name, too, so that meters stay the same.
 */
@Component
final class CamelContexts {
    private final ApplicationContext spring;
    private final CamelConfigurationProperties properties;
    private final ObjectProvider<CamelContextConfiguration> configurations;

    CamelContexts(
            ApplicationContext spring,
            CamelConfigurationProperties properties,
            ObjectProvider<CamelContextConfiguration> configurations) {
        this.spring = spring;
        this.properties = properties;
        this.configurations = configurations;
    }

    /** A context with these routes, not started yet. */
    CamelContext make(List<RouteFile> files) throws Exception {
        CamelSpringBootApplicationController controller = new CamelSpringBootApplicationController(spring);
        SpringBootCamelContext camel = new SpringBootCamelContext(spring, false, controller);
        CamelAutoConfiguration.doConfigureCamelContext(spring, camel, properties, controller);
        useOwnProperties(camel);
        camel.getTypeConverterRegistry()
                .addFallbackTypeConverter((TypeConverter) spring.getBean(SpringTypeConverter.class), true);
        for (CamelContextConfiguration configuration :
                configurations.orderedStream().toList()) {
            if (!(configuration instanceof LiveRoutes)) {
                configuration.beforeApplicationStart(camel);
            }
        }
        load(camel, files);
        return camel;
    }

    /** That of Spring's is one for all, and belongs to the first context, which outlives this one. */
    private void useOwnProperties(CamelContext camel) {
        PropertiesComponent shared = spring.getBean(PropertiesComponent.class);
        shared.setCamelContext(spring.getBean(CamelContext.class));
        PropertiesComponent own = new PropertiesComponent();
        own.setCamelContext(camel);
        own.setPropertiesParser(shared.getPropertiesParser());
        own.setEncoding(shared.getEncoding());
        own.setLocations(shared.getLocations().toArray(String[]::new));
        own.setIgnoreMissingLocation(shared.isIgnoreMissingLocation());
        own.setNestedPlaceholder(shared.isNestedPlaceholder());
        own.setDefaultFallbackEnabled(shared.isDefaultFallbackEnabled());
        own.setInitialProperties(shared.getInitialProperties());
        own.setOverrideProperties(shared.getOverrideProperties());
        own.setSystemPropertiesMode(shared.getSystemPropertiesMode());
        own.setEnvironmentVariableMode(shared.getEnvironmentVariableMode());
        camel.setPropertiesComponent(own);
    }

    /** From memory: what was checked is what is loaded, whatever has become of the file. */
    static void load(CamelContext camel, List<RouteFile> files) throws Exception {
        List<Resource> resources = files.stream()
                .map(file -> ResourceHelper.fromString("file:" + file.name(), file.text()))
                .toList();
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
    }
}
