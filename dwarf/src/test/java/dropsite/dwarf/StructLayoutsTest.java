package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members in objects that testdata/btf/make builds: the types that BTF is tested with too. */
final class StructLayoutsTest {
  private static Map<String, MemberPlace> members(String file, String... names) throws IOException {
    try (DwarfFile dwarf = DwarfFile.open(Path.of("..", "testdata", "btf", file))) {
      return dwarf.members(List.of(names));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes-v5.o", "shapes-v3.o", "shapes-s390x-v3.o"})
  void membersLieWhereBtfHasThem(String file) throws IOException {
    assertThat(
            members(
                file,
                "buffer.next",
                "buffer.bits",
                "buffer.rest",
                "buffer.name",
                "buffer.inner",
                "buffer.other",
                "inner.both",
                "inner.high"))
        .isEqualTo(
            Map.of(
                "buffer.next", new MemberPlace(0, 64),
                "buffer.bits", new MemberPlace(64, 16),
                "buffer.rest", new MemberPlace(72, 8),
                "buffer.name", new MemberPlace(80, 128),
                "buffer.inner", new MemberPlace(224, 128),
                "buffer.other", new MemberPlace(384, 64),
                "inner.both", new MemberPlace(32, 32),
                "inner.high", new MemberPlace(48, 16)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes-v5.o", "shapes-v3.o", "shapes-s390x-v3.o"})
  void bitFieldsAreCountedInTheOrderOfMemory(String file) throws IOException {
    assertThat(members(file, "buffer.kind", "buffer.flag"))
        .isEqualTo(
            Map.of("buffer.kind", new MemberPlace(64, 3), "buffer.flag", new MemberPlace(67, 1)));
  }

  @Test
  void whatThereIsNotIsLeftOut() throws IOException {
    assertThat(members("shapes-v5.o", "buffer.nothing", "nothing.next", "buffer.next.first"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gcc-v3", "gcc-v5-dwz", "clang-v4-types", "clang-v5-types", "clang-v5-lto"})
  void typesMayStandInOtherUnits(String file) throws IOException {
    Path fixture = Path.of("..", "testdata", "fixtures", "bin", file);
    try (DwarfFile dwarf = DwarfFile.open(fixture)) {
      assertThat(dwarf.members(List.of("packet.mark", "packet.bytes")))
          .isEqualTo(
              Map.of(
                  "packet.mark", new MemberPlace(32, 32),
                  "packet.bytes", new MemberPlace(64, 512)));
    }
  }
}
