package dev.mehari.soak;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.mehari.testing.GatewayProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Looks at a gateway's process from outside: by JMX, by what Linux tells below /proc, and by its own /metrics. The heap is
 * what is left of it after a collection, which each look brings about. For one thread.
 */
final class Probe implements AutoCloseable {
    private static final Pattern HISTOGRAM_LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
    private static final Pattern BESIDE_THE_JVM = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final String ESTABLISHED = "01";

    private final GatewayProcess gateway;
    private final Path folder;
    private final String upstreamPort;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private Map<String, Instances> heap = Map.of();

    /** Those of one class that are in use. */
    record Instances(long count, long bytes) {
        static final Instances NONE = new Instances(0, 0);
    }

    /** @param folder that the gateway works in */
    Probe(GatewayProcess gateway, Path folder, int upstreamPort) {
        this.gateway = gateway;
        this.folder = folder;
        this.upstreamPort = ":%04X".formatted(upstreamPort);
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(gateway.pid()));
            JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
            machine.detach();
            this.connector = JMXConnectorFactory.connect(url);
            this.beans = connector.getMBeanServerConnection();
        } catch (AttachNotSupportedException refused) {
            throw new IllegalStateException(refused);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Sample look(double seconds) {
        Map<Series, Double> values = new EnumMap<>(Series.class);
        try {
            heap = heap();
            Map<String, Double> metrics = metrics();
            values.put(Series.HEAP, (double)
                    heap.values().stream().mapToLong(Instances::bytes).sum());
            values.put(Series.CAMEL_CONTEXTS, count("org.apache.camel.spring.boot.SpringBootCamelContext"));
            values.put(Series.VIRTUAL_THREADS, count("java.lang.VirtualThread"));
            values.put(Series.METASPACE, metaspace());
            values.put(Series.CLASSES, attribute(ManagementFactory.CLASS_LOADING_MXBEAN_NAME, "LoadedClassCount"));
            values.put(Series.THREADS, attribute(ManagementFactory.THREAD_MXBEAN_NAME, "ThreadCount"));
            values.put(Series.DIRECT, 1024 * found(BESIDE_THE_JVM, ask("vmNativeMemory", "summary", "scale=KB")));
            values.put(Series.RSS, 1024 * found(RESIDENT, Files.readString(proc("status"))));
            values.put(Series.DESCRIPTORS, descriptors());
            values.put(Series.UPSTREAM, upstreamConnections());
            values.put(Series.METERS, (double) metrics.size());
            values.put(Series.IN_FLIGHT, metrics.get("mehari_calls_in_flight"));
            values.put(Series.CACHED, metrics.get("mehari_cache_bytes"));
            values.put(Series.DATABASE, bytes(folder.resolve("data")));
            values.put(Series.FILES, files());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JMException refused) {
            throw new IllegalStateException(refused);
        }
        return new Sample(seconds, values);
    }

    /** What was on the heap at the last look, by class. */
    Map<String, Instances> lastHeap() {
        return heap;
    }

    /** Collects first, and counts what is left. */
    private Map<String, Instances> heap() throws IOException, JMException {
        Map<String, Instances> found = new HashMap<>();
        ask("gcClassHistogram").lines().forEach(line -> {
            Matcher parts = HISTOGRAM_LINE.matcher(line);
            if (parts.matches()) {
                // Classes of that name that several loaders have loaded are one to us.
                found.merge(
                        parts.group(3),
                        new Instances(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))),
                        (one, other) -> new Instances(one.count + other.count, one.bytes + other.bytes));
            }
        });
        return found;
    }

    private double count(String type) {
        return heap.getOrDefault(type, Instances.NONE).count();
    }

    private String ask(String command, String... arguments) throws IOException, JMException {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        return (String)
                beans.invoke(commands, command, new Object[] {arguments}, new String[] {String[].class.getName()});
    }

    private double attribute(String bean, String name) throws IOException, JMException {
        return ((Number) beans.getAttribute(new ObjectName(bean), name)).doubleValue();
    }

    private double metaspace() throws IOException, JMException {
        CompositeData usage =
                (CompositeData) beans.getAttribute(new ObjectName("java.lang:type=MemoryPool,name=Metaspace"), "Usage");
        return ((Number) usage.get("used")).doubleValue();
    }

    private static double found(Pattern number, String text) {
        Matcher matcher = number.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + number + " in " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private Path proc(String name) {
        return Path.of("/proc", Long.toString(gateway.pid()), name);
    }

    private double descriptors() throws IOException {
        try (Stream<Path> open = Files.list(proc("fd"))) {
            return open.count();
        }
    }

    /** Our own end of each: the line whose remote port is the upstream's. */
    private double upstreamConnections() throws IOException {
        long count = 0;
        for (String family : new String[] {"net/tcp", "net/tcp6"}) {
            for (String line : Files.readAllLines(proc(family))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[2].endsWith(upstreamPort) && columns[3].equals(ESTABLISHED)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** The value of each line, by name and labels. */
    private Map<String, Double> metrics() {
        Map<String, Double> found = new HashMap<>();
        gateway.get("/metrics").lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            found.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return found;
    }

    /** The sum of a metric over all its labels. */
    double sum(String name) {
        return metrics().entrySet().stream()
                .filter(line -> line.getKey().equals(name) || line.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static double bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private double files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.count();
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException gone) {
            // So is the gateway.
        }
    }
}
