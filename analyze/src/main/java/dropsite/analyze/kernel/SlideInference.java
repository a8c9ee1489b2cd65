package dropsite.analyze.kernel;

import dropsite.symbols.CodeRegion.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Infers how far an image was moved from the bare return addresses of one stack.
 *
 * <p>Every distance that puts at least one of them behind a call is a candidate; its score is how
 * many it puts there. A candidate is accepted only when it is {@link #LEAD} return addresses ahead
 * of every other one, and puts more of them behind calls than where no call returns to: an image of
 * another build puts few behind calls, wherever it is moved. Else nothing is said.
 *
 * <p>Calls are told by instructions first, which is cheap, and the compiler's call sites are asked
 * only about candidates that may matter: they never raise a score.
 */
final class SlideInference {
  /** The best candidate must be ahead of the second by as many return addresses. */
  static final int LEAD = 3;

  private static final long PAGE_BYTES = 4096;

  /** The kernel's own limit on the depth of stacks; more addresses say nothing new. */
  private static final int MOST_ADDRESSES = 128;

  /** No kernel's text is that large; an image that claims so must not keep us busy. */
  private static final long MOST_PLACES = 1 << 15;

  /** More candidates as good as the best mean that none is accepted. */
  private static final int MOST_JUDGED = 16;

  private final ReturnSites sites;
  private final long stepBytes;
  private final long alignedLinkAddress;
  private final LongPredicate allowed;
  private final boolean apart;

  /**
   * @param stepBytes what the image is aligned to wherever it is; a power of two
   * @param alignedLinkAddress of the place in the image that is
   * @param allowed which distances are possible
   * @param apart whether nothing but the image can be where the addresses are
   */
  private SlideInference(
      ReturnSites sites,
      long stepBytes,
      long alignedLinkAddress,
      LongPredicate allowed,
      boolean apart) {
    this.sites = sites;
    this.stepBytes = stepBytes;
    this.alignedLinkAddress = alignedLinkAddress;
    this.allowed = allowed;
    this.apart = apart;
  }

  /** Returns the inference for the kernel itself. */
  static SlideInference ofKernel(ReturnSites sites) {
    KernelMachine machine = sites.machine();
    return new SlideInference(
        sites, machine.stepBytes(), 0, machine::allows, machine.keepsKernelApart());
  }

  /** Returns the inference for the code of a module, which begins a page. */
  static SlideInference ofModule(ReturnSites sites, long textLinkAddress) {
    return new SlideInference(sites, PAGE_BYTES, textLinkAddress, bytes -> true, false);
  }

  /**
   * A distance that the image may have been moved by.
   *
   * @param bytes run-time address minus link-time address
   * @param score how many return addresses it puts behind calls
   * @param against how many it puts where no call returns to; the others say nothing
   */
  record Candidate(long bytes, int score, int against) {}

  /**
   * What return addresses say.
   *
   * @param candidates the best first, the others only as far as they come near it
   * @param addresses how many return addresses there were
   */
  record Ranking(List<Candidate> candidates, int addresses) {
    /** Copies the list. */
    Ranking {
      candidates = List.copyOf(candidates);
    }

    int score() {
      return candidates.isEmpty() ? 0 : candidates.getFirst().score();
    }

    int runnerUp() {
      return candidates.size() < 2 ? 0 : candidates.get(1).score();
    }

    boolean clear() {
      return score() >= runnerUp() + LEAD;
    }

    /** Returns whether the best candidate is to be believed. */
    boolean accepted() {
      return !candidates.isEmpty() && clear() && score() > candidates.getFirst().against();
    }

    /** Returns why the best candidate is not believed. */
    String doubt() {
      if (candidates.isEmpty()) {
        return "none of "
            + addresses
            + " return addresses stands behind a call, whatever the slide";
      }
      return String.format(
          "the best slide, 0x%x, puts %d of %d return addresses behind calls, the next best %d:"
              + " %s",
          candidates.getFirst().bytes(),
          score(),
          addresses,
          runnerUp(),
          clear() ? "too few for this kernel" : "ambiguous");
    }
  }

  /**
   * Ranks the distances.
   *
   * @param returnAddresses run-time addresses, each once
   */
  Ranking rank(List<Long> returnAddresses) {
    List<Long> addresses =
        returnAddresses.subList(0, Math.min(returnAddresses.size(), MOST_ADDRESSES));
    List<Map.Entry<Long, Integer>> votes = new ArrayList<>(votes(addresses).entrySet());
    votes.sort(
        Map.Entry.<Long, Integer>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry.comparingByKey()));
    List<Candidate> candidates = new ArrayList<>();
    int best = 0;
    for (Map.Entry<Long, Integer> vote : votes) {
      // What cannot come within the lead does not matter.
      if (vote.getValue() <= best - LEAD || candidates.size() == MOST_JUDGED) {
        break;
      }
      Candidate candidate = judged(vote.getKey(), addresses);
      candidates.add(candidate);
      best = Math.max(best, candidate.score());
    }
    // The rest is known by what instructions say of it, which is at least its score.
    if (candidates.size() < votes.size()) {
      Map.Entry<Long, Integer> next = votes.get(candidates.size());
      candidates.add(new Candidate(next.getKey(), next.getValue(), 0));
    }
    candidates.sort(Comparator.comparingInt(Candidate::score).reversed());
    return new Ranking(candidates, addresses.size());
  }

  /** Returns how many addresses each distance puts behind what looks like a call. */
  private Map<Long, Integer> votes(List<Long> addresses) {
    Map<Long, Integer> votes = new HashMap<>();
    for (Range range : sites.text()) {
      long sizeBytes = range.high() - range.low();
      if (Long.compareUnsigned(sizeBytes / stepBytes, MOST_PLACES) > 0) {
        continue;
      }
      for (long address : addresses) {
        // The byte before a return address is in the range, so that the address may be its end.
        long offset = (address - 1 - range.low() + alignedLinkAddress) & (stepBytes - 1);
        for (; Long.compareUnsigned(offset, sizeBytes) < 0; offset += stepBytes) {
          long linkAddress = range.low() + offset + 1;
          long bytes = address - linkAddress;
          if (allowed.test(bytes) && sites.mayBeReturn(linkAddress)) {
            votes.merge(bytes, 1, Integer::sum);
          }
        }
      }
    }
    return votes;
  }

  /** Returns how well a distance explains the addresses. */
  Candidate judged(long bytes, List<Long> addresses) {
    int score = 0;
    int against = 0;
    for (long address : addresses) {
      long linkAddress = address - bytes;
      if (sites.inText(linkAddress)) {
        switch (sites.verdict(linkAddress)) {
          case RETURN -> score++;
          case NONE -> against++;
          case OPEN -> {}
        }
      } else if (apart) {
        against++;
      }
    }
    return new Candidate(bytes, score, against);
  }
}
