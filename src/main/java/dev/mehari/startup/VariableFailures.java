package dev.mehari.startup;

import dev.mehari.config.SettingVariable;
import dev.mehari.reload.Causes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** A variable whose value does not fit: by its own name. Spring Boot would name the setting that is written with it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class VariableFailures extends AbstractFailureAnalyzer<BindException> {
    private final Function<String, @Nullable String> variables;

    /** @param environment null where it is that which could not be made ready, as by a wrong {@code LOG_LEVEL} */
    VariableFailures(@Nullable Environment environment) {
        this.variables = environment == null ? System::getenv : environment::getProperty;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        if (property == null) {
            return null;
        }
        Origin origin =
                property.getOrigin() instanceof PropertySourceOrigin from ? from.getOrigin() : property.getOrigin();
        if (origin instanceof SystemEnvironmentOrigin itself) {
            return told(itself.getProperty(), property.getValue(), cause);
        }
        String variable = SettingVariable.in(String.valueOf(property.getValue()), variables);
        return variable == null ? null : told(variable, variables.apply(variable), cause);
    }

    private static FailureAnalysis told(String variable, @Nullable Object value, BindException cause) {
        return new FailureAnalysis(
                variable + " is \"" + value + "\", which " + cause.getName() + " cannot be: " + Causes.deepest(cause),
                "Correct " + variable + ", or leave it out for the default.",
                cause);
    }
}
