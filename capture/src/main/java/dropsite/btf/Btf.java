package dropsite.btf;

import dropsite.bytes.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The types of a kernel or of one of its modules, asked by name.
 *
 * <p>Where several types have the same kind and name, the first one counts; a module's own come
 * before those of the kernel. Damage is noticed where it is met: reading checks how the types lie,
 * and every question can end in {@link dropsite.bytes.MalformedInputException}.
 */
public final class Btf {
  private static final Path RUNNING = Path.of("/sys/kernel/btf");
  private static final String VMLINUX = "vmlinux";

  private final BtfTypes types;

  private Btf(BtfTypes types) {
    this.types = types;
  }

  /**
   * Reads that of a kernel.
   *
   * @param file in either byte order, whichever the bytes claim
   */
  public static Btf read(Bytes file) {
    return new Btf(BtfTypes.read(file, null));
  }

  /** Reads that of a module, which builds on its kernel's. */
  public static Btf read(Bytes file, Btf kernel) {
    return new Btf(BtfTypes.read(file, kernel.types));
  }

  /**
   * Reads that of the running kernel, which takes no privilege.
   *
   * @throws java.nio.file.NoSuchFileException when it was built without
   */
  public static Btf ofRunningKernel() throws IOException {
    return read(load(RUNNING.resolve(VMLINUX)));
  }

  /**
   * Reads that of a loaded module.
   *
   * @param name with underscores, as /proc/modules prints it
   * @throws java.nio.file.NoSuchFileException when it is not loaded, or was built without
   */
  public static Btf ofRunningModule(String name, Btf kernel) throws IOException {
    return read(load(RUNNING.resolve(name)), kernel);
  }

  private static Bytes load(Path file) throws IOException {
    return new Bytes(
        file.toString(), "BTF", MemorySegment.ofArray(Files.readAllBytes(file)), false);
  }

  /** Returns whether there is a type of this kind and name. */
  public boolean has(BtfKind kind, String name) {
    return find(kind, name).isPresent();
  }

  /** Returns the names of all types of a kind, of a module only its own, as often as there are. */
  public List<String> names(BtfKind kind) {
    List<String> names = new ArrayList<>();
    for (int id = types.firstId(); id < types.endId(); id++) {
      if (types.kind(id) == kind && types.nameOffset(id) != 0) {
        names.add(types.name(types.nameOffset(id)));
      }
    }
    return names;
  }

  /** Returns the size in bytes of a structure or union. */
  public OptionalLong sizeBytes(String structure) {
    OptionalInt id = structure(structure);
    return id.isPresent()
        ? OptionalLong.of(Integer.toUnsignedLong(types.sizeOrType(id.getAsInt())))
        : OptionalLong.empty();
  }

  /**
   * Returns where a member lies.
   *
   * @param structure name of a structure or union
   * @param path name of a member, or names joined by dots for one of a member; {@code name[2]} is
   *     an element of an array. Members of unnamed members are found as in C; pointers are not
   *     followed
   */
  public Optional<BtfMember> member(String structure, String path) {
    OptionalInt id = structure(structure);
    return id.isPresent() ? new MemberSearch(types).find(id.getAsInt(), path) : Optional.empty();
  }

  /**
   * Returns the enumerators of an enum with their values in the order they are declared in; empty
   * when there is no such enum. Values of 64 bits are as the kernel compares them; those of 32 bits
   * are negative only where the enum says that it is signed.
   */
  public Map<String, Long> enumerators(String enumeration) {
    OptionalInt found = first(enumeration, BtfKind.ENUM, BtfKind.ENUM64);
    if (found.isEmpty()) {
      return Map.of();
    }
    int id = found.getAsInt();
    boolean wide = types.kind(id) == BtfKind.ENUM64;
    int words = wide ? 3 : 2;
    Map<String, Long> values = new LinkedHashMap<>();
    for (int i = 0; i < types.memberCount(id); i++) {
      int low = types.trailer(id, i * words + 1);
      long value =
          wide
              ? Integer.toUnsignedLong(low)
                  | (long) types.trailer(id, i * words + 2) << Integer.SIZE
              : types.flag(id) ? low : Integer.toUnsignedLong(low);
      values.put(types.name(types.trailer(id, i * words)), value);
    }
    return values;
  }

  /**
   * Returns the parameters of a typedef of a (pointer to a) function, such as {@code
   * btf_trace_kfree_skb}; those of tracepoints begin with {@code void *}, which a probe does not
   * get. Empty when there is no such typedef.
   */
  public Optional<List<BtfParameter>> parameters(String typedef) {
    OptionalInt found = find(BtfKind.TYPEDEF, typedef);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TypeWalk walk = new TypeWalk(types);
    int id = walk.plain(found.getAsInt());
    if (types.kind(id) == BtfKind.PTR) {
      id = walk.plain(types.sizeOrType(id));
    }
    if (types.kind(id) != BtfKind.FUNC_PROTO) {
      return Optional.empty();
    }
    List<BtfParameter> parameters = new ArrayList<>();
    for (int i = 0; i < types.memberCount(id); i++) {
      parameters.add(
          new BtfParameter(
              types.name(types.trailer(id, i * 2)), walk.spelling(types.trailer(id, i * 2 + 1))));
    }
    return Optional.of(parameters);
  }

  private OptionalInt structure(String name) {
    return first(name, BtfKind.STRUCT, BtfKind.UNION);
  }

  private OptionalInt first(String name, BtfKind kind, BtfKind otherKind) {
    OptionalInt id = find(kind, name);
    return id.isPresent() ? id : find(otherKind, name);
  }

  private OptionalInt find(BtfKind kind, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    if (wanted.length == 0) {
      return OptionalInt.empty();
    }
    for (@Nullable BtfTypes level = types; level != null; level = level.base()) {
      for (int id = level.firstId(); id < level.endId(); id++) {
        if (level.kind(id) == kind && level.nameIs(level.nameOffset(id), wanted)) {
          return OptionalInt.of(id);
        }
      }
    }
    return OptionalInt.empty();
  }
}
