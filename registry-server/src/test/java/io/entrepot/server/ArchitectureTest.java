package io.entrepot.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md, and what no class may do. */
@AnalyzeClasses(
        packages = "io.entrepot",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJar.class})
class ArchitectureTest {

    /** From the phase package on, core's contract suites come as a jar instead of a folder. */
    static final class NoTestJar implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule dependencies_point_down = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.entrepot..")
            .layer("server")
            .definedBy("io.entrepot.server..")
            .optionalLayer("proxy")
            .definedBy("io.entrepot.proxy..")
            .layer("storage")
            .definedBy("io.entrepot.storage..")
            .optionalLayer("auth")
            .definedBy("io.entrepot.auth..")
            .layer("core")
            .definedBy("io.entrepot.core..")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("proxy")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("auth")
            .mayOnlyBeAccessedByLayers("server");

    @ArchTest
    static final ArchRule no_two_packages_need_each_other =
            slices().matching("io.entrepot.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_root_of_core_leans_on_no_other_package = noClasses()
            .that()
            .resideInAPackage("io.entrepot.core")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.entrepot.core.*..");

    @ArchTest
    static final ArchRule only_the_server_has_heard_of_undertow = noClasses()
            .that()
            .resideOutsideOfPackage("io.entrepot.server..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule settings_and_commands_have_not = noClasses()
            .that()
            .resideInAnyPackage("io.entrepot.server.config..", "io.entrepot.server.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule only_the_proxy_has_heard_of_okhttp = noClasses()
            .that()
            .resideOutsideOfPackage("io.entrepot.proxy..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3..");

    @ArchTest
    static final ArchRule only_the_sql_store_has_heard_of_sql = noClasses()
            .that()
            .resideOutsideOfPackage("io.entrepot.storage.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..");

    @ArchTest
    static final ArchRule only_the_command_line_chooses_how_to_log = noClasses()
            .that()
            .resideOutsideOfPackage("io.entrepot.server.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ch.qos.logback..", "picocli..");

    @ArchTest
    static final ArchRule only_the_command_line_ends_a_process = noClasses()
            .that(not(resideInAPackage("io.entrepot.server.cli..")))
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .orShould()
            .callMethod(Runtime.class, "addShutdownHook", Thread.class);

    @ArchTest
    static final ArchRule nobody_reads_java_objects_from_bytes =
            noClasses().should().dependOnClassesThat().areAssignableTo(java.io.ObjectInputStream.class);

    @ArchTest
    static final ArchRule only_who_asks_a_credential_helper_starts_another_program = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.entrepot.proxy.remote.HelperCredentials")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class);

    @ArchTest
    static final ArchRule nobody_uses_the_jdks_own_logging = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nothing_travels_in_thread_locals =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
}
