package dropsite.analyze.classify;

import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import org.jspecify.annotations.Nullable;

/**
 * The place where a packet was let go: the first function below those that free packets.
 *
 * @param layer the function with its source line; null when the frame has no name
 * @param frame the frame that it is in
 * @param caller the function that called it, or whose hook it was; null when not known
 */
public record DropPlace(@Nullable Layer layer, ResolvedFrame frame, @Nullable Layer caller) {}
