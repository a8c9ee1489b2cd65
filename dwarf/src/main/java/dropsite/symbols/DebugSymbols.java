package dropsite.symbols;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a file with debugging information (ELF with DWARF, or GSYM) says about an image's addresses.
 *
 * <p>All addresses are link-time addresses, unsigned. Every method may throw {@link
 * dropsite.bytes.MalformedInputException}. Instances may be used by several threads.
 */
public interface DebugSymbols extends AutoCloseable {

  /** Returns the file as the user named it. */
  String file();

  /** Returns the build-id as lower-case hex, or empty when the file has none. */
  Optional<String> buildId();

  /**
   * Returns the chain of frames at an address, innermost first; empty when neither debugging
   * information nor a symbol covers it. A frame without debugging information has only its symbol.
   */
  List<SourceFrame> frames(long linkAddress);

  /**
   * Returns the chains of many addresses, in the order asked: the same answers as {@link
   * #frames(long)}, sooner.
   */
  default List<List<SourceFrame>> frames(long[] linkAddresses) {
    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no array of a generic type.
    List<SourceFrame>[] answers = new List[linkAddresses.length];
    frames(linkAddresses, () -> (question, frames) -> answers[question] = frames);
    return Arrays.asList(answers);
  }

  /**
   * Hands over the chains of many addresses, those of neighbouring addresses one after another:
   * what is made of each can be made where it is found, and none has to be kept.
   *
   * @param receivers asked for one receiver by each of the threads that do the work; a receiver is
   *     only used by the one that asked for it
   */
  default void frames(long[] linkAddresses, Supplier<? extends FrameReceiver> receivers) {
    new BatchLookup(this, linkAddresses, receivers).run();
  }

  /**
   * Returns, for each frame of {@link #frames(long)}, its parameters with a constant value at the
   * address; lists are empty where nothing is recorded.
   */
  List<List<ConstantArgument>> constantArguments(long linkAddress);

  /**
   * Returns the call sites of the function that covers an address, by ascending return address;
   * empty where none are recorded.
   */
  default List<CallSite> callSites(long linkAddress) {
    return List.of();
  }

  /** Returns whether {@link #callSites} lists tail calls too, where the compiler made any. */
  default boolean recordsTailCalls() {
    return false;
  }

  /** Returns the instructions themselves; empty where the file has none. */
  default Optional<MachineCode> code() {
    return Optional.empty();
  }

  /**
   * Returns the enumerators of an enum type by name, in order of declaration; empty when the file
   * records no such enum.
   */
  Map<String, Long> enumerators(String enumName);

  /** Returns the symbols of the image. */
  SymbolIndex symbols();

  /** Returns whether addresses are unique only together with a section (a relocatable file). */
  boolean relocatable();

  /**
   * Returns the link-time address of an offset into a section: the section's address plus the
   * offset, where a relocatable file's sections have been laid out one after another.
   *
   * @return empty when there is no such section or the offset lies outside it
   */
  Optional<Long> addressIn(String section, long offsetBytes);

  @Override
  void close();
}
