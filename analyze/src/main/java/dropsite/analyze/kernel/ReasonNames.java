package dropsite.analyze.kernel;

import dropsite.analyze.input.EventFacts;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names drop reasons from the very kernel's own tables, and from nothing else.
 *
 * <p>NETFILTER_DROP is 7 on Debian's 6.1, 11 on its 6.12 and 12 from 6.14: a table of another
 * kernel would name the wrong reason with confidence.
 */
public final class ReasonNames {
  private static final String ENUM = "skb_drop_reason";
  private static final String SUBSYSTEM_ENUM = "skb_drop_reason_subsys";
  private static final String PREFIX = "SKB_DROP_REASON_";
  private static final String SUBSYSTEM_PREFIX = "SKB_DROP_REASON_SUBSYS_";

  /** Of the numbers below 1 &lt;&lt; 16, in every kernel (include/net/dropreason.h). */
  private static final String CORE = "core";

  private static final int SUBSYSTEM_SHIFT = 16;

  private final KernelImage image;
  private @Nullable Map<Long, String> ofImage;
  private @Nullable Map<Long, String> subsystems;

  /** Names the reasons of the kernel of an image. */
  public ReasonNames(KernelImage image) {
    this.image = image;
  }

  /**
   * Returns the reason of an event, or null when none was recorded.
   *
   * @param slide of the event's stack, which may show that the image is the very kernel
   */
  public @Nullable DropReason of(EventFacts facts, @Nullable Slide slide) {
    Long number = facts.reasonNumber();
    if (facts.reasonName() != null) {
      return new DropReason(
          number,
          bare(facts.reasonName()),
          subsystem(number, slide),
          "printed by the kernel itself");
    }
    if (number == null) {
      return null;
    }
    String recorded = image.facts().reasons().get(number);
    if (recorded != null) {
      return new DropReason(
          number,
          bare(recorded),
          subsystem(number, slide),
          "named by the enum recorded in " + image.facts().source());
    }
    if (image.isVeryKernel(slide)) {
      String name = namesOfImage().get(number);
      if (name != null) {
        String file = image.vmlinux().map(symbols -> symbols.file()).orElse("");
        return new DropReason(
            number, bare(name), subsystem(number, slide), "named by enum " + ENUM + " of " + file);
      }
    }
    return new DropReason(number, null, subsystem(number, slide), "");
  }

  private @Nullable String subsystem(@Nullable Long number, @Nullable Slide slide) {
    if (number == null) {
      return null;
    }
    long id = number >>> SUBSYSTEM_SHIFT;
    if (id == 0) {
      return CORE;
    }
    String name = image.facts().subsystems().get(id);
    if (name == null && image.isVeryKernel(slide)) {
      name = subsystemsOfImage().get(id);
    }
    return name == null || !name.startsWith(SUBSYSTEM_PREFIX)
        ? null
        : name.substring(SUBSYSTEM_PREFIX.length()).toLowerCase(Locale.ROOT);
  }

  private Map<Long, String> subsystemsOfImage() {
    Map<Long, String> names = subsystems;
    if (names == null) {
      names = enumOfImage(SUBSYSTEM_ENUM);
      subsystems = names;
    }
    return names;
  }

  private Map<Long, String> namesOfImage() {
    Map<Long, String> names = ofImage;
    if (names == null) {
      names = enumOfImage(ENUM);
      ofImage = names;
    }
    return names;
  }

  private Map<Long, String> enumOfImage(String name) {
    Map<Long, String> names = new HashMap<>();
    Map<String, Long> enumerators =
        image.vmlinux().map(symbols -> symbols.enumerators(name)).orElse(Map.of());
    for (Map.Entry<String, Long> enumerator : enumerators.entrySet()) {
      names.putIfAbsent(enumerator.getValue(), enumerator.getKey());
    }
    return names;
  }

  private static String bare(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }
}
