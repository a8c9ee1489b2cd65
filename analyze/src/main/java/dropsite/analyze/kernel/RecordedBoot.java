package dropsite.analyze.kernel;

/**
 * One boot of one box that a recording is of: addresses mean something else after each.
 *
 * @param bootId empty when not recorded
 * @param hostName empty when not recorded
 * @param facts about the kernel
 */
public record RecordedBoot(String bootId, String hostName, KernelFacts facts) {}
