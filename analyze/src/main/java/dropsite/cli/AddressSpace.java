package dropsite.cli;

import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the addresses given to addr2line mean in one file, and the frames found there. */
abstract sealed class AddressSpace {
  private final OpenFile file;

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

  /**
   * Answers questions, in their order. They are looked up by ascending address, since neighbours
   * share what has to be read for them.
   */
  List<Answer> answers(List<String> questions) {
    AddressText[] texts = questions.stream().map(AddressText::new).toArray(AddressText[]::new);
    long[] addresses = new long[texts.length];
    Arrays.setAll(addresses, i -> texts[i].hexadecimal().orElse(0L));
    Integer[] order = new Integer[texts.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (left, right) -> Long.compareUnsigned(addresses[left], addresses[right]));
    Answer[] answers = new Answer[texts.length];
    for (int i : order) {
      answers[i] = answer(texts[i]);
    }
    return List.of(answers);
  }

  private Answer answer(AddressText text) {
    Optional<Symbol> symbol = text.maybeSymbol() ? symbol(text.symbol()) : Optional.empty();
    if (symbol.isPresent()) {
      long linkAddress = symbol.get().linkAddress() + text.symbolOffset();
      return new Answer(
          text.text(), cut(file.shownAddress(linkAddress)), framesAtLink(cut(linkAddress)));
    }
    // What is no number at all is nowhere. GNU takes it for address 0, where a kernel may well have
    // something; perf sends a comma exactly to be told that there is nothing.
    Optional<Long> address = text.hexadecimal();
    return address.isEmpty()
        ? new Answer(text.text(), 0, List.of())
        : new Answer(text.text(), cut(address.get()), frames(cut(address.get())));
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

  /**
   * The answer to one question.
   *
   * @param text as given
   * @param address as given, cut to the file's address size
   * @param frames innermost first; empty when unknown
   */
  record Answer(String text, long address, List<SourceFrame> frames) {}

  /** Link-time addresses of a linked file. */
  private static final class Linked extends AddressSpace {
    Linked(OpenFile file) {
      super(file);
    }

    @Override
    List<SourceFrame> frames(long address) {
      return framesAtLink(address);
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
