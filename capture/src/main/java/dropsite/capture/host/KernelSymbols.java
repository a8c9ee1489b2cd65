package dropsite.capture.host;

/**
 * Lines of /proc/kallsyms, for code that no debug file describes.
 *
 * @param about which lines: {@code bpf}, a module's name, or {@code all}
 * @param lines as the kernel prints them, each ended by a newline
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and hot or large
public record KernelSymbols(String about, byte[] lines) {}
