package dropsite.analyze.stack;

import dropsite.analyze.stack.CallPaths.Step;
import dropsite.symbols.CallSite;
import dropsite.symbols.SourceFrame;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes frames of functions that a path of calls goes through. */
final class ElidedFrames {
  private final SourceLookup lookup;

  ElidedFrames(SourceLookup lookup) {
    this.lookup = lookup;
  }

  /** Returns the frame of a step, with its line when only one place in it leads on. */
  ResolvedFrame of(Step step, @Nullable String context) {
    Function function = step.function();
    Set<List<Layer>> places = places(step);
    return ResolvedFrame.elided(
        function.symbol().name(),
        function.module(),
        context,
        places.size() == 1 ? places.iterator().next() : List.of(withoutLine(function)));
  }

  private Set<List<Layer>> places(Step step) {
    Set<List<Layer>> places = new LinkedHashSet<>();
    for (CallSite site : step.sites()) {
      List<Layer> layers =
          site.returnAddress() == 0
              ? List.of()
              : lookup.layers(step.function().file(), site.returnAddress() - 1);
      places.add(layers.isEmpty() ? List.of(withoutLine(step.function())) : layers);
    }
    return places;
  }

  private Layer withoutLine(Function function) {
    List<Layer> start = lookup.layers(function.file(), function.addressWithin());
    SourceFrame source = start.isEmpty() ? null : start.getLast().source();
    return source == null
        ? Layer.ofSymbol(function.symbol().name())
        : new Layer(
            new SourceFrame(
                source.function(), source.symbol(), source.file(), 0, 0, 0, source.inlined()),
            List.of());
  }

  /** Returns {@code a, which jumps to b, which calls c}. */
  String inWords(List<Step> path, String target) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < path.size(); i++) {
      Step step = path.get(i);
      boolean tail = step.sites().getFirst().tailCall();
      words
          .append(step.function().canonicalName())
          .append(tail ? ", which jumps to " : ", which calls ");
      Set<List<Layer>> places = places(step);
      if (places.size() > 1) {
        words.insert(words.length() - 1, " (" + lines(places) + ")");
      }
    }
    return words.append(target).toString();
  }

  private static String lines(Set<List<Layer>> places) {
    return places.stream()
        .map(layers -> Integer.toString(layers.getLast().source().line()))
        .distinct()
        .collect(Collectors.joining(" or ", "line ", ""));
  }
}
