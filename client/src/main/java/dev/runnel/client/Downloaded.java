package dev.runnel.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A download that is whole, checked and in its place.
 *
 * @param path where it is
 * @param bytes its length, with what an earlier attempt had left
 * @param resumed whether an earlier attempt was continued
 * @param checksum what was asked for, in lower-case hexadecimal; null when none was
 */
public record Downloaded(Path path, long bytes, boolean resumed, @Nullable String checksum) {}
