package dev.mehari.config;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Takes note of every name that binding looks for. Spring's own NoUnboundElementsBindHandler does not look beyond the
 * first name behind an index, and so misses all that is misspelt in the deployments of a group.
 */
final class AskedSettings extends AbstractBindHandler {
    private static final Pattern INDEX = Pattern.compile("_\\d+(?=_|$)");

    private final Set<String> names = new HashSet<>();

    @Override
    public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        names.add(inAnyElement(name, name.getNumberOfElements()));
        return super.onStart(name, target, context);
    }

    /** Whether one of them is what a variable of that name stands for by Spring's relaxed rules. */
    boolean knows(String variable) {
        String wanted =
                INDEX.matcher(variable.toLowerCase(Locale.ROOT)).replaceAll("").replace("_", "");
        return names.stream()
                .map(name -> name.replace(".", "").replace("[]", ""))
                .anyMatch(wanted::equals);
    }

    boolean knows(ConfigurationPropertyName name) {
        return names.contains(inAnyElement(name, name.getNumberOfElements())) || isOfOverriddenList(name);
    }

    /** Of a list, binding looks only at the source that wins. */
    private boolean isOfOverriddenList(ConfigurationPropertyName name) {
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            String inElement = inAnyElement(name, i) + "[].";
            if (name.isNumericIndex(i)
                    && names.contains(inAnyElement(name, i))
                    && names.stream().noneMatch(asked -> asked.startsWith(inElement))) {
                return true;
            }
        }
        return false;
    }

    /** The first so many elements of a name, its indexes left open: an element tells what another may have. */
    private static String inAnyElement(ConfigurationPropertyName name, int elements) {
        StringBuilder open = new StringBuilder();
        for (int i = 0; i < elements; i++) {
            open.append(name.isNumericIndex(i) ? "[]" : "." + name.getElement(i, Form.UNIFORM));
        }
        return open.toString();
    }
}
