package dev.mehari.price;

import dev.mehari.chat.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost with the settings of one moment: prices of single deployments, else the list that each provider's
 * models are on. Changed settings make a new one. Thread-safe.
 */
public final class Prices {
    /** So many models are remembered; the rest is looked up each time. Clients choose models' names. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final Price UNKNOWN = new Price(Rates.of(Map.of()), List.of());

    private final PriceBook book;
    private final Map<String, Price> deployments;
    private final Map<String, String> sheets;
    private final Map<Model, Price> known = new ConcurrentHashMap<>();

    private record Model(String provider, String name) {}

    /**
     * @param deployments prices by the name of the deployment
     * @param sheets the names of lists, by the name of the provider
     */
    public Prices(PriceBook book, Map<String, Price> deployments, Map<String, String> sheets) {
        this.book = book;
        this.deployments = Map.copyOf(deployments);
        this.sheets = Map.copyOf(sheets);
    }

    /** What a deployment costs; null: not known. */
    public @Nullable Price find(String deployment, String provider, String model) {
        Price own = deployments.get(deployment);
        if (own != null) {
            return own;
        }
        Model asked = new Model(provider, model);
        Price price = known.get(asked);
        if (price == null) {
            String sheet = sheets.get(provider);
            Price found = sheet == null ? null : book.find(sheet, model);
            price = found == null ? UNKNOWN : found;
            if (known.size() < MOST_REMEMBERED) {
                known.put(asked, price);
            }
        }
        return price == UNKNOWN ? null : price;
    }

    /** What an answer of a deployment costs. */
    public Cost cost(String deployment, String provider, String model, Usage usage) {
        Price price = find(deployment, provider, model);
        return price == null ? Cost.UNKNOWN : price.cost(usage);
    }

    /** The book that is used, with its date and source. */
    public PriceBook book() {
        return book;
    }
}
