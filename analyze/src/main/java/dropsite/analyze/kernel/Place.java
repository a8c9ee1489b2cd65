package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import org.jspecify.annotations.Nullable;

/**
 * An address inside a file of debugging information.
 *
 * @param symbols the file
 * @param linkAddress in the file's own numbering
 * @param module the module that the file is of; null for the kernel itself
 */
public record Place(DebugSymbols symbols, long linkAddress, @Nullable String module) {}
