package dev.runnel.benchmarks.bench;

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

  /**
   * @throws IllegalArgumentException that names what cannot be used
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
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " lacks a value; " + USAGE);
      }
      settings = settings.with(args[i], args[i + 1]);
    }
    return settings;
  }

  private Settings with(String option, String value) {
    return switch (option) {
      case "--servers" ->
          edit(out, chosen(value, Contender.ALL, Contender::name), workloads, numbers());
      case "--workloads" ->
          edit(out, contenders, chosen(value, Workload.ALL, Workload::name), numbers());
      case "--out" -> edit(Path.of(value).toAbsolutePath(), contenders, workloads, numbers());
      default -> edit(out, contenders, workloads, number(option, value));
    };
  }

  private int[] number(String option, String value) {
    int[] numbers = numbers();
    int place =
        List.of("--rounds", "--seconds", "--warm-up", "--start-ups", "--idle").indexOf(option);
    if (place < 0) {
      throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
    }
    try {
      numbers[place] = Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " needs a number, not " + value, e);
    }
    return numbers;
  }

  private int[] numbers() {
    return new int[] {rounds, seconds, warmUpSeconds, startUps, idle};
  }

  private Settings edit(Path to, List<Contender> who, List<Workload> what, int[] n) {
    return new Settings(root, to, java, who, what, n[0], n[1], n[2], n[3], n[4]);
  }

  /** {@code none} is nobody, for runs of the other parts only. */
  private static <T> List<T> chosen(String names, List<T> all, Function<T, String> name) {
    List<T> chosen = new ArrayList<>();
    if (names.equals("none")) {
      return chosen;
    }
    for (String wanted : names.split(",", -1)) {
      chosen.add(
          all.stream()
              .filter(one -> name.apply(one).equals(wanted))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no " + wanted + " among " + all.stream().map(name).toList())));
    }
    return chosen;
  }

  /** A command on one core. */
  static List<String> on(String core, List<String> command) {
    List<String> pinned = new ArrayList<>(Arrays.asList("taskset", "-c", core));
    pinned.addAll(command);
    return pinned;
  }
}
