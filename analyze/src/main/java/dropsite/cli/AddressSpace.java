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

  /** Returns the frames at each of many addresses, in the order asked. */
  List<List<SourceFrame>> frames(long[] addresses) {
    return Arrays.stream(addresses).mapToObj(this::frames).toList();
  }

  /** Answers questions, in their order; addresses are looked up together. */
  List<Answer> answers(Lines questions) {
    Answer[] answers = new Answer[questions.size()];
    long[] addresses = new long[answers.length];
    int[] asked = new int[answers.length];
    int count = 0;
    for (int i = 0; i < answers.length; i++) {
      if (questions.isHexadecimal(i)) {
        addresses[count] = cut(questions.hexadecimal(i));
        asked[count++] = i;
        continue;
      }
      AddressText text = new AddressText(questions.get(i));
      Optional<Symbol> symbol = text.maybeSymbol() ? symbol(text.symbol()) : Optional.empty();
      // What is no number at all is nowhere. GNU takes it for address 0, where a kernel may well
      // have something; perf sends a comma exactly to be told that there is nothing.
      answers[i] =
          symbol.map(found -> answer(text, found)).orElseGet(() -> new Answer(0, List.of()));
      Optional<Long> address = text.hexadecimal();
      if (symbol.isEmpty() && address.isPresent()) {
        addresses[count] = cut(address.get());
        asked[count++] = i;
      }
    }
    List<List<SourceFrame>> frames = frames(Arrays.copyOf(addresses, count));
    for (int k = 0; k < count; k++) {
      answers[asked[k]] = new Answer(addresses[k], frames.get(k));
    }
    return Arrays.asList(answers);
  }

  private Answer answer(AddressText text, Symbol symbol) {
    long linkAddress = symbol.linkAddress() + text.symbolOffset();
    return new Answer(cut(file.shownAddress(linkAddress)), framesAtLink(cut(linkAddress)));
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
   * @param address as given, cut to the file's address size
   * @param frames innermost first; empty when unknown
   */
  record Answer(long address, List<SourceFrame> frames) {}

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
    List<List<SourceFrame>> frames(long[] addresses) {
      return file.symbols().frames(addresses);
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
