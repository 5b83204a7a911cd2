package io.pgevents;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rules of the house that no compiler checks. */
class ArchitectureTests {

    private static final Path SOURCES = Path.of("src/main/java");

    private static final double MOST_PUBLIC = 0.5;

    private static final Pattern SQL = Pattern.compile(
            "\"\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|TRUNCATE|LOCK) [^\"]*");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.pgevents");
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages("io.pgevents");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.pgevents.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theWordsDependOnNothing() {
        noClasses()
                .that()
                .resideInAPackage("io.pgevents")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.pgevents.*..")
                .check(MAIN);
    }

    @Test
    void nobodyKnowsTheRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.pgevents.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.pgevents.runtime..")
                .check(MAIN);
    }

    @Test
    void springBootIsNotKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<Package> packages =
                MAIN.stream().map(each -> each.reflect().getPackage()).collect(Collectors.toSet());
        assertThat(packages)
                .hasSizeGreaterThan(10)
                .allSatisfy(each -> assertThat(each.isAnnotationPresent(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    @Test
    void noTestSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class)
                .check(TESTS);
    }

    @Test
    void noProductionCodeSleepsEither() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
    }

    @Test
    void testsOfTheServerAreNamedAfterIt() {
        classes()
                .that()
                .haveSimpleNameEndingWith("IntegrationTests")
                .or()
                .haveSimpleNameEndingWith("ClusterTests")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.pgevents\\.support\\.Test(Postgres|Bus)")
                .check(TESTS);
        noClasses()
                .that()
                .haveNameMatching(".*(?<!Integration|Cluster)Tests")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.pgevents\\.support\\.Test(Postgres|Bus)")
                .check(TESTS);
    }

    /** A plain template leaves the commit to the pool, which may have auto-commit off. */
    @Test
    void statementsAreCommittedWhateverThePoolDoes() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.pgevents.jdbc..")
                .should()
                .callConstructor(JdbcTemplate.class, DataSource.class)
                .check(MAIN);
    }

    @Test
    void atMostHalfOfTheTypesArePublic() {
        List<JavaClass> all = MAIN.stream()
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .toList();
        Set<String> open = all.stream()
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> needless = open.stream()
                .filter(name -> !name.matches("io\\.pgevents\\.[A-Z].*"))
                .filter(name -> MAIN.get(name).getDirectDependenciesToSelf().stream()
                        .allMatch(use -> use.getOriginClass()
                                .getPackage()
                                .equals(MAIN.get(name).getPackage())))
                .collect(Collectors.toCollection(TreeSet::new));
        double share = (double) open.size() / all.size();
        LoggerFactory.getLogger(getClass())
                .info(
                        "{} of {} top-level types are public: {}. Not used by another package of core: {}",
                        open.size(),
                        all.size(),
                        share,
                        needless);
        assertThat(share)
                .as("the share of public types; not used elsewhere in core: %s", needless)
                .isLessThanOrEqualTo(MOST_PUBLIC);
    }

    @Test
    void statementsAreResources() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                SQL.matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .forEach(text ->
                                found.add(file.getFileName() + ": " + text.substring(0, Math.min(60, text.length()))));
            }
        }
        // These ask the server for its own catalogue and functions only.
        Set<String> exempt = Set.of("Catalog.java", "HubSession.java", "QueueWatch.java", "ServerSession.java");
        assertThat(found)
                .filteredOn(each -> !exempt.contains(each.substring(0, each.indexOf(':'))))
                .isEmpty();
        assertThat(found).as("the pattern finds what it looks for").anyMatch(each -> each.startsWith("Catalog.java"));
    }
}
