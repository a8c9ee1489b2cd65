package dropsite.capture.host;

import java.util.Map;

/**
 * A loaded module.
 *
 * @param name with underscores, as /proc/modules prints it
 * @param base run-time address; 0 when the kernel hides it
 * @param sizeBytes in memory
 * @param buildId lower-case hex; empty when it has none
 * @param sections run-time addresses of its sections by name ({@code .text}); empty when hidden
 */
public record HostModule(
    String name, long base, long sizeBytes, String buildId, Map<String, Long> sections) {}
