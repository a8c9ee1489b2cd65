package dropsite.analyze.classify;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Links to the kernel's source in the web, at the version that a recording is of.
 *
 * <p>The site keeps the kernels of kernel.org. A distribution's kernel is one of these with patches
 * on top, so lines may differ; {@link #note} says so.
 */
public final class SourceLinks {
  private static final String HOST = "elixir.bootlin.com";

  /** {@code 6.12.117+deb12-cloud-amd64}, {@code 5.14.0-503.11.1.el9_5.x86_64}. */
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?(.*)");

  /** {@code #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)}. */
  private static final Pattern DEBIAN = Pattern.compile("\\bDebian (\\d+)\\.(\\d+)\\.(\\d+)-");

  private static final Pattern CANDIDATE = Pattern.compile("-rc(\\d+)(.*)");

  private final String tag;
  private final String note;

  private SourceLinks(String tag, String note) {
    this.tag = tag;
    this.note = note;
  }

  /**
   * Returns the links of a kernel.
   *
   * @param release as {@code uname -r} prints it; null when not known
   * @param version as {@code uname -v} prints it; null when not known
   */
  public static SourceLinks of(@Nullable String release, @Nullable String version) {
    Matcher debian = DEBIAN.matcher(version == null ? "" : version);
    Matcher parts = RELEASE.matcher(release == null ? "" : release);
    if (!parts.matches()) {
      return new SourceLinks("", "");
    }
    String series = "v" + parts.group(1) + "." + parts.group(2);
    String point = parts.group(3);
    String rest = parts.group(4);
    if (debian.find() && series.equals("v" + debian.group(1) + "." + debian.group(2))) {
      return new SourceLinks(
          tag(series, debian.group(3)),
          "Debian's kernel has patches of its own: lines may differ a little");
    }
    Matcher candidate = CANDIDATE.matcher(rest);
    if (candidate.matches()) {
      return new SourceLinks(series + "-rc" + candidate.group(1), vendorNote(candidate.group(2)));
    }
    if (rest.isEmpty()) {
      return new SourceLinks(tag(series, point), "");
    }
    if (point == null || point.equals("0")) {
      return new SourceLinks(
          series,
          "the release does not tell which point release of "
              + series
              + " the kernel was made from: lines may differ");
    }
    return new SourceLinks(tag(series, point), vendorNote(rest));
  }

  private static String vendorNote(String rest) {
    return rest.isEmpty() ? "" : "the kernel is a vendor's: lines may differ";
  }

  private static String tag(String series, @Nullable String point) {
    return point == null || point.equals("0") ? series : series + "." + point;
  }

  /** Returns the version that links lead to, as {@code v6.1.192}; empty when none is known. */
  public String tag() {
    return tag;
  }

  /** Returns what a reader of the links has to know; empty when nothing. */
  public String note() {
    return note;
  }

  /**
   * Returns the link to a line.
   *
   * @param file in the kernel's tree, such as {@code net/ipv4/ip_output.c}
   * @param line 1-based; 0 when not known
   * @return empty when the version is not known, or the file is none of the kernel's tree
   */
  public Optional<String> link(@Nullable String file, int line) {
    if (tag.isEmpty() || file == null || file.startsWith("/") || file.contains("..")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new URI(
                  "https",
                  HOST,
                  "/linux/" + tag + "/source/" + file,
                  null,
                  line > 0 ? "L" + line : null)
              .toASCIIString());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
