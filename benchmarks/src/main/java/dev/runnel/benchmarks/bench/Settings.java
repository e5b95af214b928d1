package dev.runnel.benchmarks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What one run does.
 *
 * @param root the folder {@code benchmarks}
 * @param java the program that runs all servers and our own client
 * @param startUps how often each server's start is timed
 * @param idle how many idle connections are measured; 0 for none
 */
record Settings(
    Path root,
    Path out,
    Path java,
    List<Contender> contenders,
    List<Workload> workloads,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int startUps,
    int idle) {
  /** The same for all: a collector by name, as the JVM's choice depends on the cores it sees. */
  static final List<String> JVM_FLAGS =
      List.of(
          "-Xms1g",
          "-Xmx1g",
          "-XX:+UseParallelGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  static final String SERVER_CORE = "0";
  static final String LOAD_CORE = "1";

  static final String USAGE =
      "options: --servers a,b --workloads a,b --rounds N --seconds N --warm-up N --start-ups N"
          + " --idle N --out FOLDER";

  private static final List<String> OTHERS = List.of("--servers", "--workloads", "--out");

  /** In the order of {@link #numbers}. */
  private static final List<String> NUMBERS =
      List.of("--rounds", "--seconds", "--warm-up", "--start-ups", "--idle");

  /** Without a round, or with no load in it, there is nothing to tell; the rest are extras. */
  private static final int[] LEAST = {1, 1, 1, 0, 0};

  private static final int MOST = 1_000_000;

  /**
   * @throws IllegalArgumentException that names, in a line, the option and what is wrong with it
   */
  static Settings parse(String[] args) {
    Path root = Path.of(System.getProperty("bench.root", "benchmarks")).toAbsolutePath();
    Settings settings =
        new Settings(
            root,
            root.resolve("target/bench"),
            Path.of(System.getProperty("java.home"), "bin", "java"),
            Contender.ALL,
            Workload.ALL,
            3,
            3,
            2,
            3,
            10_000);
    for (int i = 0; i < args.length; i += 2) {
      if (!OTHERS.contains(args[i]) && !NUMBERS.contains(args[i])) {
        throw new IllegalArgumentException("unknown option " + args[i] + "; " + USAGE);
      }
      if (i + 1 == args.length || args[i + 1].isEmpty()) {
        throw new IllegalArgumentException(args[i] + " lacks a value; " + USAGE);
      }
      settings = settings.with(args[i], args[i + 1]);
    }
    return settings;
  }

  private Settings with(String option, String value) {
    return switch (option) {
      case "--servers" ->
          edit(out, chosen(option, value, Contender.ALL, Contender::name), workloads, numbers());
      case "--workloads" ->
          edit(out, contenders, chosen(option, value, Workload.ALL, Workload::name), numbers());
      case "--out" -> edit(folder(option, value), contenders, workloads, numbers());
      default -> edit(out, contenders, workloads, number(option, value));
    };
  }

  /** That it can be made is seen when it is; a file in its place is a slip of who typed it. */
  private static Path folder(String option, String value) {
    Path folder = Path.of(value).toAbsolutePath();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(option + " needs a folder, not the file " + folder);
    }
    return folder;
  }

  private int[] number(String option, String value) {
    int[] numbers = numbers();
    int place = NUMBERS.indexOf(option);
    numbers[place] = number(value);
    if (numbers[place] < LEAST[place] || numbers[place] > MOST) {
      throw new IllegalArgumentException(
          "%s needs a number from %d to %d, not %s".formatted(option, LEAST[place], MOST, value));
    }
    return numbers;
  }

  /** Less than any that can be if it is none. */
  private static int number(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private int[] numbers() {
    return new int[] {rounds, seconds, warmUpSeconds, startUps, idle};
  }

  private Settings edit(Path to, List<Contender> who, List<Workload> what, int[] n) {
    return new Settings(root, to, java, who, what, n[0], n[1], n[2], n[3], n[4]);
  }

  /** {@code none} is nobody, for runs of the other parts only. */
  private static <T> List<T> chosen(
      String option, String names, List<T> all, Function<T, String> name) {
    List<T> chosen = new ArrayList<>();
    if (names.equals("none")) {
      return chosen;
    }
    for (String wanted : names.split(",", -1)) {
      T one = find(option, wanted, all, name);
      if (chosen.contains(one)) {
        throw new IllegalArgumentException(option + " has " + wanted + " twice");
      }
      chosen.add(one);
    }
    return chosen;
  }

  private static <T> T find(String option, String wanted, List<T> all, Function<T, String> name) {
    return all.stream()
        .filter(one -> name.apply(one).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: there is no '%s' among %s"
                        .formatted(option, wanted, all.stream().map(name).toList())));
  }

  /** A command on one core. */
  static List<String> on(String core, List<String> command) {
    List<String> pinned = new ArrayList<>(Arrays.asList("taskset", "-c", core));
    pinned.addAll(command);
    return pinned;
  }
}
