package dev.runnel.testkit.mutants;

import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * One bug: a change of one method of one class of the server.
 *
 * @param bug what is wrong, in words
 * @param type the full name of the class
 * @param method the method's name, with its descriptor behind it where the name is not enough
 * @param change what is done to the method
 * @param subjects what the names of those scenarios begin with that should notice it
 */
record Mutant(String bug, String type, String method, Change change, List<String> subjects) {
  private static final String ROOT = "dev.runnel.";

  /**
   * A mutant.
   *
   * @param type the class, below dev.runnel
   */
  static Mutant of(String bug, String type, String method, Change change) {
    return new Mutant(bug, ROOT + type, method, change, List.of());
  }

  /** This one, with the scenarios that should notice it. */
  Mutant about(String... of) {
    return new Mutant(bug, type, method, change, List.of(of));
  }

  /** Whether this scenario should notice it. */
  boolean isSubjectOf(String scenario) {
    return subjects.stream().anyMatch(scenario::startsWith);
  }

  /**
   * The class with the bug in it.
   *
   * @throws MissingAnchor if the code is not what the change was written for
   */
  byte[] applyTo(byte[] original) {
    ClassNode node = new ClassNode();
    new ClassReader(original).accept(node, 0);
    try {
      change.apply(find(node.methods));
    } catch (MissingAnchor e) {
      throw new MissingAnchor(this + ": " + e.getMessage(), e);
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }

  private MethodNode find(List<MethodNode> methods) {
    List<MethodNode> found =
        methods.stream()
            .filter(m -> method.equals(m.name) || method.equals(m.name + m.desc))
            .toList();
    if (found.size() != 1) {
      throw new MissingAnchor(
          "there are "
              + found.size()
              + " methods '"
              + method
              + "' and not one: follow the code, which was renamed, or say the descriptor");
    }
    return found.get(0);
  }

  @Override
  public String toString() {
    return "mutant '" + bug + "' of " + type + "." + method;
  }

  /**
   * The code that a mutant was written for is not there any more, so that it would prove nothing.
   */
  static final class MissingAnchor extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MissingAnchor(String message) {
      super(message);
    }

    MissingAnchor(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
