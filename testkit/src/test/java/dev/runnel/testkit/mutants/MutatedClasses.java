package dev.runnel.testkit.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Project and suite once more, apart from all other copies, with a bug in one class. Whatever is
 * not ours (Netty, coroutines, the JDK) is shared.
 */
final class MutatedClasses extends ClassLoader {
  private static final String OURS = "dev.runnel.";
  private static final Map<String, byte[]> READ = new ConcurrentHashMap<>();

  private final @Nullable Mutant mutant;
  private final byte[] mutated;

  static {
    registerAsParallelCapable();
  }

  /**
   * @param mutant the bug; null is none
   * @throws Mutant.MissingAnchor if the code is not what the mutant was written for
   * @throws LinkageError if the change makes no valid class
   */
  MutatedClasses(@Nullable Mutant mutant) {
    super(MutatedClasses.class.getClassLoader());
    this.mutant = mutant;
    this.mutated = mutant == null ? new byte[0] : mutant.applyTo(read(mutant.type()));
    if (mutant != null) {
      link(mutant.type());
    }
  }

  /** Verified here and now, so that a spoilt class does not look like a bug that was noticed. */
  private void link(String type) {
    try {
      Class<?> linked = Class.forName(type, true, this);
      if (linked.getClassLoader() != this) {
        throw new LinkageError(type + " is not among the classes that are ours");
      }
    } catch (ClassNotFoundException e) {
      throw new LinkageError("cannot link " + type, e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : findClass(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    boolean changed = mutant != null && mutant.type().equals(name);
    byte[] bytes = changed ? mutated : READ.computeIfAbsent(name, MutatedClasses::readOrNothing);
    if (bytes.length == 0) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] read(String name) {
    byte[] bytes = READ.computeIfAbsent(name, MutatedClasses::readOrNothing);
    if (bytes.length == 0) {
      throw new Mutant.MissingAnchor("there is no class " + name + ": follow the code");
    }
    return bytes;
  }

  private static byte[] readOrNothing(String name) {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = MutatedClasses.class.getClassLoader().getResourceAsStream(file)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
