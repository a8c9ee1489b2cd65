package dropsite.cli;

import dropsite.analyze.cache.IndexCache;
import dropsite.command.Argument;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The options that say whether an index of a kernel is used and kept between runs. */
final class CacheOptions {
  /** Fewer places than this are looked up again sooner than an index is made. */
  private static final long WORTH_AN_INDEX = 100;

  private final Argument wanted;
  private final Argument unwanted;
  private @Nullable IndexCache cache;

  CacheOptions(Syntax syntax) {
    wanted =
        syntax.flag(
            "keep an index of the kernel for later runs, made after the output (in"
                + " $XDG_CACHE_HOME/dropsite, at most $DROPSITE_CACHE_MB megabytes, default 1000)",
            "--index-cache");
    unwanted = syntax.flag("neither use nor keep an index", "--no-index-cache");
  }

  IndexCache cache(Streams streams) {
    IndexCache known = cache;
    if (known == null) {
      known =
          unwanted.given()
              ? IndexCache.off(streams::say)
              : IndexCache.of(streams.environment(), streams::say);
      cache = known;
    }
    return known;
  }

  /** Keeps an index if the user asks for it. */
  void keepIfAsked(Streams streams, Path file) {
    keep(streams, file, 0);
  }

  /**
   * Keeps an index if the user asks for it, or if so much was looked up that the next run gains.
   *
   * @param places that were looked up
   */
  void keep(Streams streams, @Nullable Path file, long places) {
    boolean asked = wanted.given();
    if (file == null || unwanted.given() || (!asked && places < WORTH_AN_INDEX)) {
      return;
    }
    IndexCache keeper = cache(streams);
    streams.afterwards().add(() -> keeper.keep(file, asked));
  }
}
