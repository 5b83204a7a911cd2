package io.pgevents.benchmark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgevents.benchmark.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes findings with the value of every round to a file, and reads them again. */
public final class JsonReport {

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Path file;

    public JsonReport(Path file) {
        this.file = file;
    }

    /** Writes the file. */
    public void write(List<Findings> all) throws IOException {
        ObjectNode root = mapper.createObjectNode();
        ArrayNode scenarios = root.putArray("scenarios");
        all.forEach(findings -> add(scenarios.addObject(), findings));
        Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
        mapper.writeValue(file.toFile(), root);
    }

    /** Reads the file; nothing if there is none. */
    public List<Findings> read() throws IOException {
        List<Findings> all = new ArrayList<>();
        if (Files.exists(file)) {
            mapper.readTree(file.toFile()).path("scenarios").forEach(node -> all.add(findings(node)));
        }
        return all;
    }

    private static void add(ObjectNode node, Findings findings) {
        node.put("scenario", findings.scenario()).put("question", findings.question());
        findings.conditions().forEach(node.putObject("conditions")::put);
        ArrayNode contestants = node.putArray("contestants");
        findings.contestants()
                .forEach(each ->
                        contestants.addObject().put("name", each.contestant()).put("settings", each.tuning()));
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

    private static Findings findings(JsonNode node) {
        Map<String, String> conditions = new LinkedHashMap<>();
        node.path("conditions").properties().forEach(each -> conditions.put(each.getKey(), text(each.getValue())));
        Findings findings = new Findings(text(node.path("scenario")), text(node.path("question")), conditions);
        node.path("contestants")
                .forEach(each -> findings.contestant(text(each.path("name")), text(each.path("settings"))));
        for (JsonNode each : node.path("measurements")) {
            List<Double> rounds = new ArrayList<>();
            each.path("rounds").forEach(round -> rounds.add(round.asDouble()));
            findings.measured(
                    text(each.path("group")),
                    text(each.path("unit")),
                    Map.of(text(each.path("name")), new Samples(rounds)));
        }
        for (JsonNode each : node.path("figures")) {
            Goal goal = each.has("target") ? Goal.parse(text(each.path("target"))) : null;
            findings.figure(text(each.path("name")), each.path("value").asDouble(), text(each.path("unit")), goal);
        }
        node.path("notes").forEach(note -> findings.note(text(note)));
        node.path("problems").forEach(problem -> findings.problem(text(problem)));
        return findings;
    }

    private static String text(JsonNode node) {
        return node.asText();
    }
}
