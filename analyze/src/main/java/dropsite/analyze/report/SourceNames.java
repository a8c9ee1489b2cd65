package dropsite.analyze.report;

import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.Argument;
import dropsite.analyze.stack.Layer;
import dropsite.symbols.SourceFrame;
import dropsite.text.SafeText;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints functions and source lines as the kernel's scripts/faddr2line does. */
public final class SourceNames {
  private final String prefix;
  private final boolean fullPath;

  private SourceNames(String prefix, boolean fullPath) {
    this.prefix = prefix;
    this.fullPath = fullPath;
  }

  /**
   * Returns the names of an image's sources.
   *
   * @param fullPath whether paths stay as recorded
   */
  public static SourceNames of(KernelImage image, boolean fullPath) {
    String prefix = fullPath ? "" : image.vmlinux().map(SourcePath::buildPrefix).orElse("");
    return new SourceNames(prefix, fullPath);
  }

  /** Returns the path to print, or null when the file is not known. */
  public @Nullable String path(SourceFrame source) {
    String file = source.file();
    if (file == null) {
      return null;
    }
    return SafeText.of(fullPath ? file : SourcePath.strippedOf(prefix, file));
  }

  /** Returns {@code net/ipv4/ip_output.c:119}, a {@code ?} for a line of 0, or null. */
  public @Nullable String position(SourceFrame source) {
    String path = path(source);
    return path == null ? null : path + ":" + (source.line() == 0 ? "?" : source.line());
  }

  /** Returns the function's name, {@code ??} when it has none. */
  public static String function(SourceFrame source) {
    String name = source.displayName();
    return name == null ? "??" : SafeText.of(name);
  }

  /** Returns {@code nf_hook(pf=NFPROTO_IPV4, hook=NF_INET_LOCAL_OUT) at netfilter.h:271}. */
  public String inWords(Layer layer) {
    String position = position(layer.source());
    return position == null ? call(layer) : call(layer) + " at " + position;
  }

  /** Returns {@code nf_hook(pf=NFPROTO_IPV4, hook=NF_INET_LOCAL_OUT)}. */
  public String call(Layer layer) {
    String arguments =
        layer.arguments().stream()
            .filter(argument -> argument.enumerator() != null)
            .map(SourceNames::inWords)
            .collect(Collectors.joining(", "));
    return function(layer.source()) + (arguments.isEmpty() ? "" : "(" + arguments + ")");
  }

  private static String inWords(Argument argument) {
    return SafeText.of(argument.name() + "=" + argument.valueInWords());
  }
}
