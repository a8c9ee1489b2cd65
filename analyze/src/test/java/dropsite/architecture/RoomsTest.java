package dropsite.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms of docs/ARCHITECTURE.md and the arrows between them, which point one way. */
final class RoomsTest {
  /** What each room may use, besides the JDK, JSpecify and itself. A new room is entered here. */
  private static final Map<String, List<String>> ARROWS = new LinkedHashMap<>();

  static {
    ARROWS.put("dropsite.bytes", List.of());
    ARROWS.put("dropsite.symbols", List.of("dropsite.bytes"));
    ARROWS.put(
        "dropsite.elf",
        List.of(
            "dropsite.bytes",
            "dropsite.symbols",
            "net.fornwall.jelf",
            "org.apache.commons.compress",
            "org.tukaani.xz",
            "com.github.luben.zstd"));
    ARROWS.put("dropsite.dwarf", List.of("dropsite.bytes", "dropsite.symbols", "dropsite.elf"));
    ARROWS.put("dropsite.gsym", List.of("dropsite.bytes", "dropsite.symbols", "org.tukaani.xz"));
    ARROWS.put("dropsite.facts", List.of("dropsite.bytes", "dropsite.symbols"));
    ARROWS.put("dropsite.btf", List.of("dropsite.bytes"));
    ARROWS.put("dropsite.text", List.of());
    ARROWS.put("dropsite.command", List.of("dropsite.bytes", "dropsite.text", "picocli"));
    ARROWS.put(
        "dropsite.capture",
        List.of(
            "dropsite.bytes",
            "dropsite.btf",
            "dropsite.command",
            "dropsite.text",
            "picocli",
            "com.github.luben.zstd"));
    ARROWS.put(
        "dropsite.analyze",
        List.of(
            "dropsite.bytes",
            "dropsite.symbols",
            "dropsite.elf",
            "dropsite.dwarf",
            "dropsite.gsym",
            "dropsite.facts",
            "dropsite.btf",
            "dropsite.capture",
            "dropsite.text",
            "com.fasterxml.jackson",
            "gg.jte",
            "org.apache.commons.compress",
            "org.tukaani.xz"));
    ARROWS.put(
        "dropsite.cli",
        List.of(
            "dropsite.bytes",
            "dropsite.symbols",
            "dropsite.elf",
            "dropsite.dwarf",
            "dropsite.gsym",
            "dropsite.facts",
            "dropsite.btf",
            "dropsite.capture",
            "dropsite.command",
            "dropsite.text",
            "dropsite.analyze",
            "picocli",
            "com.fasterxml.jackson"));
  }

  private static final Pattern VAGUE_NAME =
      Pattern.compile("(?i).*(utils?|commons?|helpers?|managers?|impl)");

  private static JavaClasses rooms;

  @BeforeAll
  static void readClasses() throws IOException {
    rooms = new ClassFileImporter().importPaths(CompiledRooms.classFiles());
  }

  @Test
  void arrowsBetweenRoomsPointOneWay() {
    ARROWS.forEach((room, uses) ->
        classes()
            .that(resideInAnyPackage(room + ".."))
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    Stream.concat(Stream.of("java", "javax", "org.jspecify", room), uses.stream())
                        .map(name -> name + "..")
                        .toArray(String[]::new)))
            // A room may be planned here before its first class exists.
            .allowEmptyShould(true)
            .check(rooms));
  }

  @Test
  void noRoomInsideARoomIsPartOfACircle() {
    slices().matching("dropsite.(**)").should().beFreeOfCycles().check(rooms);
  }

  @Test
  void everyClassLivesInARoom() {
    classes()
        .should()
        .resideInAnyPackage(
            ARROWS.keySet().stream().map(room -> room + "..").toArray(String[]::new))
        .check(rooms);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dropsite.cli..", "dropsite.command..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(rooms);
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dropsite.cli..", "dropsite.command..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(rooms);
  }

  @Test
  void namesSayWhatIsInside() {
    TreeSet<String> vague = new TreeSet<>();
    for (JavaClass each : rooms) {
      boolean vaguePackage =
          Arrays.stream(each.getPackageName().split("\\."))
              .anyMatch(name -> VAGUE_NAME.matcher(name).matches());
      if (vaguePackage || VAGUE_NAME.matcher(each.getSimpleName()).matches()) {
        vague.add(each.getName());
      }
    }
    assertThat(vague).as("classes or packages named after nothing in particular").isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    TreeSet<String> unmarked = new TreeSet<>();
    for (JavaClass each : rooms) {
      if (!each.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(each.getPackageName());
      }
    }
    assertThat(unmarked).as("packages without @NullMarked package-info.java").isEmpty();
  }
}
