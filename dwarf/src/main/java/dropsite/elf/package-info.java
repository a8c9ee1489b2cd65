/**
 * ELF files: sections as bytes (decompressed, relocated), symbols, build-id, separate debug files.
 */
@NullMarked
package dropsite.elf;

import org.jspecify.annotations.NullMarked;
