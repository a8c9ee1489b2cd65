package dropsite.symbols;

import org.jspecify.annotations.Nullable;

/**
 * A parameter whose value the compiler knew at an address.
 *
 * @param name of the parameter
 * @param value the constant
 * @param enumerator name of the value in the parameter's enum type; null when it is no enum
 */
public record ConstantArgument(String name, long value, @Nullable String enumerator) {}
