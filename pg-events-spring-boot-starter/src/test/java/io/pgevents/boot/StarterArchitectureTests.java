package io.pgevents.boot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

class StarterArchitectureTests {

    private static final String STARTER = "io.pgevents.boot..";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pgevents.boot");
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.pgevents.boot");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.pgevents.boot.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void packagesAreNullMarked() {
        assertThat(MAIN.stream().map(JavaClass::getPackage).distinct())
                .allMatch(each -> each.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void aThirdOfTheTypesIsPublicAtMost() {
        List<JavaClass> types = MAIN.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        long open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .count();
        assertThat((double) open / types.size()).isLessThanOrEqualTo(0.35);
    }

    @Test
    void autoConfigurationsArePublicAndFinalAndTheirBeansAreNot() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(MAIN);
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .should()
                .bePackagePrivate()
                .check(MAIN);
    }

    @Test
    void classesThatHaveMovedBetweenBootVersionsAreNotReferredTo() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "belong to a module of Spring Boot 4 only",
                        type -> type.getPackageName()
                                .matches("org\\.springframework\\.boot\\.(\\w+\\.autoconfigure.*|thread)")))
                .check(MAIN);
    }

    @Test
    void testsDoNotSleep() {
        noClasses()
                .that()
                .resideInAPackage(STARTER)
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .check(TESTS);
    }
}
