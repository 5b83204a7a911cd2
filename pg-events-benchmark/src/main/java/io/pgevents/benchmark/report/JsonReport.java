package io.pgevents.benchmark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes findings with the value of every round. */
public final class JsonReport {

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes a file. */
    public void write(Path file, Map<String, String> conditions, List<Findings> all) throws IOException {
        ObjectNode root = mapper.createObjectNode();
        conditions.forEach(root.putObject("conditions")::put);
        ArrayNode scenarios = root.putArray("scenarios");
        all.forEach(findings -> add(scenarios.addObject(), findings));
        mapper.writeValue(file.toFile(), root);
    }

    private static void add(ObjectNode node, Findings findings) {
        node.put("scenario", findings.scenario());
        ArrayNode measurements = node.putArray("measurements");
        for (Group group : findings.groups()) {
            group.measurements().forEach((name, samples) -> {
                ObjectNode measurement = measurements.addObject();
                measurement.put("group", group.title()).put("name", name).put("unit", group.unit());
                measurement.put("median", samples.median());
                samples.values().forEach(measurement.putArray("rounds")::add);
            });
        }
        ArrayNode figures = node.putArray("figures");
        for (Figure figure : findings.figures()) {
            ObjectNode each = figures.addObject();
            each.put("name", figure.name()).put("value", figure.value()).put("unit", figure.unit());
            if (figure.goal() != null) {
                each.put("target", figure.target()).put("reached", figure.goal().isReachedBy(figure.value()));
            }
        }
        findings.notes().forEach(node.putArray("notes")::add);
        findings.problems().forEach(node.putArray("problems")::add);
    }
}
