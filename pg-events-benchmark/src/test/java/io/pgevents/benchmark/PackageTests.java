package io.pgevents.benchmark;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

class PackageTests {

    @Test
    void haveNoCycles() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.pgevents.benchmark");

        slices().matching("io.pgevents.benchmark.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}
