package dropsite.symbols;

import org.jspecify.annotations.Nullable;

/**
 * A call that the compiler recorded (DWARF 5 §3.4.1, DW_TAG_GNU_call_site before).
 *
 * @param returnAddress link-time address after the call instruction; for a tail call recorded as
 *     such, where the compiler says only where the jump is, the address of that; 0 when neither is
 *     recorded
 * @param callee name of the called function; null for an indirect call, and where the file does not
 *     say which one it is
 * @param tailCall whether it is a jump that leaves no return address
 */
public record CallSite(long returnAddress, @Nullable String callee, boolean tailCall) {}
