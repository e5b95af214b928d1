package dev.runnel.testkit.mutants;

import dev.runnel.testkit.mutants.Mutant.MissingAnchor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What a mutant does to the code of a method. Each finds its place by a name, never by a number of
 * an instruction, and throws {@link MissingAnchor} where it is not found, or found twice.
 */
@FunctionalInterface
interface Change {
  void apply(MethodNode method);

  /** The method does nothing; what it returns is 0, false or null. */
  static Change nothing() {
    return method -> replace(method, zero(Type.getReturnType(method.desc)));
  }

  /** The method does nothing but return this number, or this boolean as 0 or 1. */
  static Change gives(int value) {
    return method -> {
      Type type = Type.getReturnType(method.desc);
      if (type.getSort() < Type.BOOLEAN || type.getSort() > Type.INT) {
        throw new MissingAnchor("it returns " + type.getClassName() + ", which is no number");
      }
      replace(method, number(value));
    };
  }

  /**
   * This call is left out wherever it stands; where its result is used, that is 0, false or null.
   *
   * @param call the class, without its package, a dot, and the method
   */
  static Change without(String call) {
    return method ->
        calls(method, call).forEach(found -> replace(method, found, zero(returned(found))));
  }

  /** This call, which must stand there once, is left out, and what it would have given is this. */
  static Change answered(String call, int value) {
    return method -> replace(method, only(method, call), number(value));
  }

  /** This call, which must stand there once, is made twice in a row. */
  static Change twice(String call) {
    return method -> {
      MethodInsnNode found = only(method, call);
      int result = returned(found).getSort();
      if (result != Type.VOID && result != Type.BOOLEAN) {
        throw new MissingAnchor("the result of " + call + " has no place where it is made twice");
      }
      List<Type> operands = operands(found);
      List<Integer> locals = newLocals(method, operands);
      InsnList before = new InsnList();
      for (int i = operands.size() - 1; i >= 0; i--) {
        before.add(new VarInsnNode(operands.get(i).getOpcode(Opcodes.ISTORE), locals.get(i)));
      }
      load(before, operands, locals);
      before.add(found.clone(null));
      if (result == Type.BOOLEAN) {
        before.add(new InsnNode(Opcodes.POP));
      }
      load(before, operands, locals);
      method.instructions.insertBefore(found, before);
    };
  }

  /** This number, which must stand there once, is another one. */
  static Change number(int from, int to) {
    return method -> {
      List<AbstractInsnNode> found = all(method, node -> isNumber(node, from));
      requireOne(found.size(), "the number " + from);
      method.instructions.insertBefore(found.get(0), number(to));
      method.instructions.remove(found.get(0));
    };
  }

  /** A parameter, counted from 0, is larger by so much when the method begins. */
  static Change more(int parameter, int plus) {
    return method -> {
      Type[] types = Type.getArgumentTypes(method.desc);
      int local = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
      for (int i = 0; i < parameter && i < types.length; i++) {
        local += types[i].getSize();
      }
      Type type = parameter < types.length ? types[parameter] : Type.VOID_TYPE;
      if (type.getSort() != Type.INT && type.getSort() != Type.LONG) {
        throw new MissingAnchor("parameter " + parameter + " of " + method.desc + " is no number");
      }
      InsnList code = new InsnList();
      code.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), local));
      code.add(new LdcInsnNode(plus));
      if (type.getSort() == Type.LONG) {
        code.add(new InsnNode(Opcodes.I2L));
      }
      code.add(new InsnNode(type.getOpcode(Opcodes.IADD)));
      code.add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), local));
      method.instructions.insert(code);
    };
  }

  /** One constant of an enum stands in the place of another. */
  static Change insteadOf(String constant, String other) {
    return method -> {
      List<AbstractInsnNode> found =
          all(
              method,
              node ->
                  node.getOpcode() == Opcodes.GETSTATIC
                      && ((FieldInsnNode) node).name.equals(constant));
      requireSome(found.size(), "the constant " + constant);
      found.forEach(node -> ((FieldInsnNode) node).name = other);
    };
  }

  /** This field is not written. */
  static Change unset(String field) {
    return method -> {
      List<AbstractInsnNode> found =
          all(
              method,
              node ->
                  node.getOpcode() == Opcodes.PUTFIELD
                      && ((FieldInsnNode) node).name.equals(field));
      requireSome(found.size(), "the field " + field);
      for (AbstractInsnNode store : found) {
        InsnList pops = new InsnList();
        pop(pops, Type.getType(((FieldInsnNode) store).desc));
        pops.add(new InsnNode(Opcodes.POP));
        method.instructions.insertBefore(store, pops);
        method.instructions.remove(store);
      }
    };
  }

  // --- finding ---

  private static List<MethodInsnNode> calls(MethodNode method, String call) {
    List<MethodInsnNode> found =
        all(method, node -> node instanceof MethodInsnNode made && call.equals(name(made))).stream()
            .map(node -> (MethodInsnNode) node)
            .toList();
    requireSome(found.size(), "the call " + call);
    return found;
  }

  private static String name(MethodInsnNode call) {
    return call.owner.substring(call.owner.lastIndexOf('/') + 1) + "." + call.name;
  }

  private static MethodInsnNode only(MethodNode method, String call) {
    List<MethodInsnNode> found = calls(method, call);
    requireOne(found.size(), "the call " + call);
    return found.get(0);
  }

  private static List<AbstractInsnNode> all(MethodNode method, Predicate<AbstractInsnNode> wanted) {
    List<AbstractInsnNode> found = new ArrayList<>();
    for (AbstractInsnNode node : method.instructions) {
      if (wanted.test(node)) {
        found.add(node);
      }
    }
    return found;
  }

  private static void requireSome(int count, String what) {
    if (count == 0) {
      throw new MissingAnchor(what + " does not stand there any more: follow the code");
    }
  }

  private static void requireOne(int count, String what) {
    requireSome(count, what);
    if (count > 1) {
      throw new MissingAnchor(what + " stands there " + count + " times: change one place only");
    }
  }

  private static boolean isNumber(AbstractInsnNode node, int number) {
    int opcode = node.getOpcode();
    if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      return opcode - Opcodes.ICONST_0 == number;
    }
    if (opcode == Opcodes.BIPUSH || opcode == Opcodes.SIPUSH) {
      return ((IntInsnNode) node).operand == number;
    }
    return node instanceof LdcInsnNode loaded && loaded.cst.equals(number);
  }

  // --- writing ---

  private static void replace(MethodNode method, InsnList result) {
    result.add(new InsnNode(Type.getReturnType(method.desc).getOpcode(Opcodes.IRETURN)));
    method.instructions.clear();
    method.tryCatchBlocks.clear();
    if (method.localVariables != null) {
      method.localVariables.clear();
    }
    method.instructions.add(result);
  }

  private static void replace(MethodNode method, MethodInsnNode call, InsnList result) {
    if (call.name.equals("<init>")) {
      throw new MissingAnchor("a constructor cannot be left out");
    }
    InsnList instead = new InsnList();
    List<Type> operands = operands(call);
    for (int i = operands.size() - 1; i >= 0; i--) {
      pop(instead, operands.get(i));
    }
    instead.add(result);
    method.instructions.insertBefore(call, instead);
    method.instructions.remove(call);
  }

  private static Type returned(MethodInsnNode call) {
    return Type.getReturnType(call.desc);
  }

  /** What the call takes from the stack, in its order. */
  private static List<Type> operands(MethodInsnNode call) {
    List<Type> operands = new ArrayList<>();
    if (call.getOpcode() != Opcodes.INVOKESTATIC) {
      operands.add(Type.getObjectType(call.owner));
    }
    operands.addAll(List.of(Type.getArgumentTypes(call.desc)));
    return operands;
  }

  /** Places behind all that the method has, one for each. */
  private static List<Integer> newLocals(MethodNode method, List<Type> types) {
    List<Integer> locals = new ArrayList<>();
    for (Type type : types) {
      locals.add(method.maxLocals);
      method.maxLocals += type.getSize();
    }
    return locals;
  }

  private static void load(InsnList code, List<Type> operands, List<Integer> locals) {
    for (int i = 0; i < operands.size(); i++) {
      code.add(new VarInsnNode(operands.get(i).getOpcode(Opcodes.ILOAD), locals.get(i)));
    }
  }

  private static void pop(InsnList code, Type type) {
    code.add(new InsnNode(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
  }

  private static InsnList number(int value) {
    InsnList code = new InsnList();
    code.add(new LdcInsnNode(value));
    return code;
  }

  private static InsnList zero(Type type) {
    InsnList code = new InsnList();
    switch (type.getSort()) {
      case Type.VOID -> {
        // nothing is left on the stack
      }
      case Type.LONG -> code.add(new InsnNode(Opcodes.LCONST_0));
      case Type.FLOAT -> code.add(new InsnNode(Opcodes.FCONST_0));
      case Type.DOUBLE -> code.add(new InsnNode(Opcodes.DCONST_0));
      case Type.ARRAY, Type.OBJECT -> code.add(new InsnNode(Opcodes.ACONST_NULL));
      default -> code.add(new InsnNode(Opcodes.ICONST_0));
    }
    return code;
  }
}
