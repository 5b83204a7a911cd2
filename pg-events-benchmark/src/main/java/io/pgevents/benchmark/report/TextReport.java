package io.pgevents.benchmark.report;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints findings for readers, and at the end one line for each figure for machines. */
public final class TextReport {

    private final PrintStream out;

    public TextReport(PrintStream out) {
        this.out = out;
    }

    /** Prints where the measurements are made. */
    public void conditions(Map<String, String> conditions) {
        out.println("conditions");
        conditions.forEach((name, value) -> out.println("  " + name + " = " + value));
        out.println();
    }

    /** Prints what one scenario has found. */
    public void findings(Findings findings) {
        out.println(findings.scenario() + ": " + findings.question());
        findings.contestants().forEach(each -> out.println("  " + each.contestant() + ": " + each.tuning()));
        for (Group group : findings.groups()) {
            out.println();
            out.println(group.title() + " [" + group.unit() + "]");
            Tables.of(group).print(out);
        }
        out.println();
        Tables.of(findings.figures()).print(out);
        out.println("  took " + findings.conditions().getOrDefault("took", "no time"));
        findings.notes().forEach(note -> out.println("  note: " + note));
        findings.problems().forEach(problem -> out.println("  PROBLEM: " + problem));
        out.println();
    }

    /** Prints the lines for machines. */
    public void figures(List<Findings> all) {
        for (Findings findings : all) {
            for (Figure figure : findings.figures()) {
                out.println("figure " + figure.name() + " " + Numbers.plain(figure.value()) + " " + figure.unit());
            }
        }
    }
}
