package io.pgevents.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.util.DriverInfo;

/** Describes this machine. */
final class Machine {

    private Machine() {}

    static Map<String, String> describe() {
        Map<String, String> description = new LinkedHashMap<>();
        description.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        description.put("processors together", String.format(Locale.ROOT, "%.2f times one", Processors.together()));
        description.put("processor", first("/proc/cpuinfo", "model name"));
        description.put("memory", first("/proc/meminfo", "MemTotal"));
        description.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        description.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        description.put("memory of the JVM", Runtime.getRuntime().maxMemory() / 1_000_000 + " MB at most");
        description.put("driver", DriverInfo.DRIVER_FULL_NAME);
        description.put("measured on", LocalDate.now(ZoneOffset.UTC).toString());
        description.put("load before", load());
        String commit = Machine.class.getPackage().getImplementationVersion();
        if (commit != null && !commit.isBlank()) {
            description.put("commit", commit);
        }
        return description;
    }

    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%.1f", load);
    }

    private static String first(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException ex) {
            return "unknown";
        }
    }
}
