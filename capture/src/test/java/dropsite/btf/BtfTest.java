package dropsite.btf;

import static dropsite.btf.BtfImage.ARRAY;
import static dropsite.btf.BtfImage.ENUM;
import static dropsite.btf.BtfImage.INT;
import static dropsite.btf.BtfImage.STRUCT;
import static dropsite.btf.BtfImage.TYPEDEF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types made by clang (testdata/btf/make), and by hand where clang makes none. */
final class BtfTest {
  private static final Path FIXTURES = Path.of("..", "testdata", "btf");
  private static final String EITHER_ORDER_LITTLE = "shapes-el.btf";

  private static Btf fixture(String name) throws IOException {
    return Btf.read(BtfImage.file(Files.readAllBytes(FIXTURES.resolve(name))));
  }

  @ParameterizedTest
  @ValueSource(strings = {EITHER_ORDER_LITTLE, "shapes-eb.btf"})
  void membersAreFoundByPathThroughUnnamedOnesAndArrays(String file) throws IOException {
    Btf btf = fixture(file);
    assertThat(btf.member("buffer", "next")).contains(new BtfMember(0, 64, 0, "void *"));
    assertThat(btf.member("buffer", "bits")).contains(new BtfMember(64, 16, 0, "unsigned short"));
    assertThat(btf.member("buffer", "rest")).contains(new BtfMember(72, 8, 0, "unsigned char"));
    assertThat(btf.member("buffer", "name")).contains(new BtfMember(80, 128, 16, "char [16]"));
    assertThat(btf.member("buffer", "name[3]")).contains(new BtfMember(104, 8, 0, "char"));
    assertThat(btf.member("buffer", "inner")).contains(new BtfMember(224, 128, 2, "inner_t [2]"));
    assertThat(btf.member("buffer", "inner[1].high"))
        .contains(new BtfMember(224 + 64 + 48, 16, 0, "unsigned short"));
    assertThat(btf.member("buffer", "other"))
        .contains(new BtfMember(384, 64, 0, "struct buffer *"));
    assertThat(btf.sizeBytes("buffer")).hasValue(56);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "nothing", "next.first", "name[16]", "next[0]", "inner.first", "name[x]"})
  void whatIsNoMemberIsNotFound(String path) throws IOException {
    assertThat(fixture(EITHER_ORDER_LITTLE).member("buffer", path)).isEmpty();
  }

  @Test
  void bitFieldsHaveBits() throws IOException {
    Btf btf = fixture(EITHER_ORDER_LITTLE);
    assertThat(btf.member("buffer", "kind").orElseThrow().bitField()).isTrue();
    assertThat(btf.member("buffer", "flag")).contains(new BtfMember(67, 1, 0, "unsigned char"));
    assertThat(btf.member("buffer", "flag").orElseThrow().offsetBytes()).isEqualTo(8);
  }

  /** Before bit fields had a flag: the integer's size of 3 bits, beginning with its bit 2. */
  @Test
  void bitFieldsOfOldFilesAreDescribedByTheirInteger() {
    BtfImage image = new BtfImage().type("tiny", INT, 0, 4, (2 << 16) | 3);
    image.type("s", STRUCT, 1, 4, image.string("m"), 1, 8);
    assertThat(image.read().member("s", "m")).contains(new BtfMember(10, 3, 0, "tiny"));
  }

  @ParameterizedTest
  @ValueSource(strings = {EITHER_ORDER_LITTLE, "shapes-eb.btf"})
  void enumeratorsHaveTheirValues(String file) throws IOException {
    Btf btf = fixture(file);
    assertThat(btf.enumerators("reason"))
        .containsExactly(
            Map.entry("NONE", 0L), Map.entry("FIRST", 2L), Map.entry("LAST", 0x10001L));
    assertThat(btf.enumerators("signed_reason"))
        .containsExactly(Map.entry("BELOW", -1L), Map.entry("ABOVE", 1L));
    assertThat(btf.enumerators("wide")).containsExactly(Map.entry("WIDE", 0x1_0000_0002L));
    assertThat(btf.enumerators("buffer")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {EITHER_ORDER_LITTLE, "shapes-eb.btf"})
  void parametersOfATracepointHaveTypesButNoNames(String file) throws IOException {
    Btf btf = fixture(file);
    assertThat(btf.parameters("btf_trace_thing"))
        .contains(
            Stream.of("void *", "struct buffer *", "enum reason", "char *")
                .map(type -> new BtfParameter("", type))
                .toList());
    assertThat(btf.parameters("inner_t")).isEmpty();
    assertThat(btf.parameters("reason")).isEmpty();
  }

  @Test
  void typesAreFoundByKindAndName() throws IOException {
    Btf btf = fixture(EITHER_ORDER_LITTLE);
    assertThat(btf.has(BtfKind.STRUCT, "inner")).isTrue();
    assertThat(btf.has(BtfKind.UNION, "inner")).isFalse();
    assertThat(btf.has(BtfKind.STRUCT, "inne")).isFalse();
    assertThat(btf.has(BtfKind.STRUCT, "")).isFalse();
    assertThat(btf.names(BtfKind.ENUM)).containsExactly("reason", "signed_reason");
  }

  static List<ByteOrder> orders() {
    return List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void aModuleBuildsOnItsKernel(ByteOrder order) {
    BtfImage kernel = new BtfImage(order, 0).type("int", INT, 0, 4, 32);
    kernel.type("base", STRUCT, 1, 8, kernel.string("second"), 1, 32);
    Btf vmlinux = kernel.read();
    // Its types go on counting at 3, its strings behind those of the kernel.
    BtfImage module = new BtfImage(order, kernel.stringBytes());
    module.type("added", STRUCT, 1, 16, module.string("all"), 2, 64);
    module.type("int", ENUM, 1, 4, module.string("ONE"), 1);
    Btf both = Btf.read(BtfImage.file(module.bytes()), vmlinux);
    assertThat(both.member("added", "all.second")).contains(new BtfMember(96, 32, 0, "int"));
    assertThat(both.member("base", "second")).contains(new BtfMember(32, 32, 0, "int"));
    assertThat(both.enumerators("int")).containsExactly(Map.entry("ONE", 1L));
    assertThat(both.names(BtfKind.STRUCT)).containsExactly("added");
    assertThat(vmlinux.has(BtfKind.STRUCT, "added")).isFalse();
  }

  @Test
  void aLongerHeaderIsSkipped() {
    Btf btf = new BtfImage().headerBytes(40).type("int", INT, 0, 4, 32).read();
    assertThat(btf.has(BtfKind.INT, "int")).isTrue();
  }

  @Test
  void circlesOfTypesEndInAnError() {
    BtfImage image = new BtfImage();
    image.type("loop", TYPEDEF, 0, 2).type("pool", TYPEDEF, 0, 1);
    image.type("s", STRUCT, 2, 4, image.string("m"), 1, 0, 0, 1, 0);
    image.type("whole", STRUCT, 1, 4, 0, 4, 0);
    image.type("rows", ARRAY, 0, 0, 5, 5, 2);
    image.type("holder", STRUCT, 1, 4, image.string("rows"), 5, 0);
    Btf btf = image.read();
    assertThatThrownBy(() -> btf.member("s", "m")).isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> btf.member("s", "x")).isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> btf.member("whole", "x")).isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> btf.member("holder", "rows"))
        .isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> btf.parameters("loop")).isInstanceOf(MalformedInputException.class);
  }

  /** Each holds the next twice: to look into all of them would take 2 to the 30th steps. */
  @Test
  void unnamedMembersTwiceOverEndInAnError() {
    BtfImage image = new BtfImage();
    for (int id = 1; id <= 30; id++) {
      image.type("s" + id, STRUCT, 2, 4, 0, id + 1, 0, 0, id + 1, 0);
    }
    image.type("int", INT, 0, 4, 32);
    Btf btf = image.read();
    assertThatThrownBy(() -> btf.member("s1", "x"))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("circles");
  }

  @Test
  void whatIsNoBtfIsRefusedWithThePlace() {
    byte[] file = new BtfImage().type("int", INT, 0, 4, 32).bytes();
    file[0] = 0x7f;
    assertThatThrownBy(() -> Btf.read(BtfImage.file(file)))
        .isInstanceOf(MalformedInputException.class)
        .hasMessage("made.btf: BTF+0x0: magic 0xeb7f is not that of BTF");
    assertThatThrownBy(() -> Btf.read(BtfImage.file(new byte[] {(byte) 0x9f})))
        .isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> new BtfImage().type("x", STRUCT, 0xffff, 4).read())
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("goes beyond the end");
    assertThatThrownBy(() -> new BtfImage().type("x", 31, 0, 4).read())
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("unknown kind 31");
  }

  /** Every byte of the fixture, changed at random: an answer or the one exception, every time. */
  @Test
  void damageNeverEndsInAnythingElse() throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURES.resolve(EITHER_ORDER_LITTLE));
    Random random = new Random(7);
    int answered = 0;
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = whole.clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        Btf btf = Btf.read(BtfImage.file(damaged));
        Optional<BtfMember> member = btf.member("buffer", "inner[1].high");
        btf.enumerators("reason");
        btf.parameters("btf_trace_thing");
        btf.names(BtfKind.STRUCT);
        answered += member.isPresent() ? 1 : 0;
      } catch (MalformedInputException e) {
        refused++;
      }
    }
    assertThat(answered).isPositive();
    assertThat(refused).isPositive();
  }
}
