package dropsite.cli;

import dropsite.command.CommandFailure;
import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import dropsite.symbols.FrameReceiver;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the addresses given to addr2line mean in one file, and the frames found there. */
abstract sealed class AddressSpace {
  final OpenFile file;

  private AddressSpace(OpenFile file) {
    this.file = file;
  }

  /**
   * Returns the meaning of addresses in a file.
   *
   * @param section the section they are offsets into; null when they are none
   */
  static AddressSpace of(OpenFile file, @Nullable String section) {
    if (section == null) {
      return file.symbols().relocatable() && file.image().isPresent()
          ? new AnySection(file, file.image().get())
          : new Linked(file);
    }
    ElfSection found =
        file.image()
            .flatMap(image -> image.section(section))
            .orElseThrow(() ->
                new CommandFailure(file.symbols().file() + ": cannot find section " + section));
    return new OneSection(file, found);
  }

  /** Returns the frames at an address; empty when nothing is known of it. */
  abstract List<SourceFrame> frames(long address);

  /** Returns how many hexadecimal digits an address has. */
  int digits() {
    return file.is64() ? 16 : 8;
  }

  /** Hands over the frames at each of many addresses. */
  void frames(long[] addresses, Supplier<FrameReceiver> receivers) {
    FrameReceiver receiver = receivers.get();
    for (int i = 0; i < addresses.length; i++) {
      receiver.take(i, frames(addresses[i]));
    }
  }

  /** Takes answers. */
  interface Receiver {
    /**
     * Takes one answer.
     *
     * @param question position of the question
     * @param address as given, cut to the file's address size
     * @param frames innermost first; empty when unknown
     */
    void take(int question, long address, List<SourceFrame> frames);
  }

  /**
   * Answers questions; addresses are looked up together, by several threads when they are many.
   *
   * @param receivers asked for one receiver by each thread
   */
  void answer(Lines questions, Supplier<Receiver> receivers) {
    int count = 0;
    long[] addresses = new long[questions.size()];
    int[] asked = new int[questions.size()];
    Receiver receiver = receivers.get();
    for (int i = 0; i < asked.length; i++) {
      Optional<Long> address =
          questions.isHexadecimal(i)
              ? Optional.of(questions.hexadecimal(i))
              : answerNamed(i, new AddressText(questions.get(i)), receiver);
      if (address.isPresent()) {
        addresses[count] = cut(address.get());
        asked[count++] = i;
      }
    }
    frames(
        Arrays.copyOf(addresses, count),
        () -> {
          Receiver one = receivers.get();
          return (k, frames) -> one.take(asked[k], addresses[k], frames);
        });
  }

  /** Answers what is no plain number, unless an address can be read from it: that is returned. */
  private Optional<Long> answerNamed(int question, AddressText text, Receiver receiver) {
    Optional<Symbol> symbol = text.maybeSymbol() ? symbol(text.symbol()) : Optional.empty();
    if (symbol.isPresent()) {
      long linkAddress = symbol.get().linkAddress() + text.symbolOffset();
      receiver.take(question, cut(file.shownAddress(linkAddress)), framesAtLink(cut(linkAddress)));
      return Optional.empty();
    }
    Optional<Long> address = text.hexadecimal();
    if (address.isEmpty()) {
      // What is no number at all is nowhere. GNU takes it for address 0, where a kernel may well
      // have something; perf sends a comma exactly to be told that there is nothing.
      receiver.take(question, 0, List.of());
    }
    return address;
  }

  private Optional<Symbol> symbol(String name) {
    return file.symbols().symbols().named(name).stream().findFirst();
  }

  List<SourceFrame> framesAtLink(long linkAddress) {
    return file.symbols().frames(linkAddress);
  }

  List<SourceFrame> framesIn(ElfSection section, long offset) {
    long linkAddress = section.linkAddress() + offset;
    return section.covers(linkAddress) ? framesAtLink(linkAddress) : List.of();
  }

  private long cut(long address) {
    return file.is64() ? address : address & 0xffffffffL;
  }

  /** Link-time addresses of a linked file. */
  private static final class Linked extends AddressSpace {
    Linked(OpenFile file) {
      super(file);
    }

    @Override
    List<SourceFrame> frames(long address) {
      return framesAtLink(address);
    }

    @Override
    void frames(long[] addresses, Supplier<FrameReceiver> receivers) {
      file.symbols().frames(addresses, receivers);
    }
  }

  /** Offsets into one section. */
  private static final class OneSection extends AddressSpace {
    private final ElfSection section;

    OneSection(OpenFile file, ElfSection section) {
      super(file);
      this.section = section;
    }

    @Override
    List<SourceFrame> frames(long address) {
      return framesIn(section, address);
    }
  }

  /**
   * Offsets into any section of a relocatable file, where all start at 0: the first section in file
   * order that knows something answers, as in GNU addr2line.
   */
  private static final class AnySection extends AddressSpace {
    private final List<ElfSection> sections;

    AnySection(OpenFile file, ElfImage image) {
      super(file);
      sections = image.sections().stream().filter(ElfSection::allocated).toList();
    }

    @Override
    List<SourceFrame> frames(long address) {
      for (ElfSection section : sections) {
        List<SourceFrame> frames = framesIn(section, address);
        if (!frames.isEmpty()) {
          return frames;
        }
      }
      return List.of();
    }
  }
}
