package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The addresses drawn from one file.
 *
 * @param file vmlinux or a module
 * @param functions its function bytes and build-id
 * @param queries the addresses
 */
record KernelSample(Path file, FunctionBytes functions, List<Query> queries) {

  static KernelSample ofVmlinux(KernelBuild kernel, Path kernels)
      throws IOException, InterruptedException {
    Path vmlinux = kernel.vmlinux(kernels);
    FunctionBytes functions = FunctionBytes.read(vmlinux);
    return new KernelSample(
        vmlinux,
        functions,
        functions.drawFromAll(kernel.vmlinuxAddresses(), new Random(KernelBuild.SEED)));
  }

  /** Draws the kernel's share of module addresses, evenly over its modules. */
  static List<KernelSample> ofModules(KernelBuild kernel, Path kernels)
      throws IOException, InterruptedException {
    List<KernelSample> samples = new ArrayList<>();
    int open = kernel.moduleAddresses();
    for (Path module : kernel.shuffledModules(kernels)) {
      int modulesLeft = kernel.modules() - samples.size();
      if (modulesLeft == 0) {
        break;
      }
      FunctionBytes functions = FunctionBytes.read(module);
      // What small modules cannot give, later ones make up for.
      int share = (open + modulesLeft - 1) / modulesLeft;
      List<Query> queries = functions.drawFromEach(share, new Random(KernelBuild.SEED));
      if (!queries.isEmpty()) {
        samples.add(new KernelSample(module, functions, queries));
        open -= queries.size();
      }
    }
    return samples;
  }
}
