package dev.runnel.benchmarks.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** All that was measured, round by round, and the medians of it. */
final class Results {
  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, List<Double>> startUpMillis = new LinkedHashMap<>();
  private final Map<String, Long> idleBytes = new LinkedHashMap<>();
  private final Map<String, Long> residentBytes = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private final Set<String> unable = new LinkedHashSet<>();

  void add(Sample sample) {
    samples.add(sample);
  }

  void startUp(String server, double millis) {
    startUpMillis.computeIfAbsent(server, s -> new ArrayList<>()).add(millis);
  }

  void idle(String server, long bytesEach) {
    idleBytes.put(server, bytesEach);
  }

  void resident(String server, long bytes) {
    residentBytes.put(server, bytes);
  }

  void missing(String server, String why) {
    missing.put(server, why);
  }

  void unable(String workload, String server) {
    unable.add(workload + "/" + server);
  }

  Map<String, String> missing() {
    return missing;
  }

  /** Which of them do not do it, or had errors in a round. */
  List<String> failed(String workload, List<Contender> contenders) {
    return contenders.stream()
        .map(Contender::name)
        .filter(server -> unable.contains(workload + "/" + server))
        .toList();
  }

  List<Sample> of(String workload, String server) {
    return samples.stream()
        .filter(s -> s.workload().equals(workload) && s.server().equals(server))
        .toList();
  }

  /** The median over the rounds; NaN if there is none. */
  double median(String workload, String server, ToDoubleFunction<Sample> of) {
    return median(of(workload, server).stream().mapToDouble(of).toArray());
  }

  double cpu(String workload, String server) {
    return median(workload, server, Sample::cpuMicros);
  }

  /** Which of them have a figure; who takes the least CPU time comes first. */
  List<String> ranked(String workload, List<Contender> contenders) {
    return contenders.stream()
        .map(Contender::name)
        .filter(server -> !of(workload, server).isEmpty())
        .sorted(Comparator.comparingDouble(server -> cpu(workload, server)))
        .toList();
  }

  double lowest(String workload, String server) {
    return of(workload, server).stream().mapToDouble(Sample::cpuMicros).min().orElse(Double.NaN);
  }

  double highest(String workload, String server) {
    return of(workload, server).stream().mapToDouble(Sample::cpuMicros).max().orElse(Double.NaN);
  }

  /** The median of the ratios to another server in the same round. */
  double ratio(String workload, String server, String base, ToDoubleFunction<Sample> of) {
    return median(ratios(workload, server, base, of));
  }

  /**
   * The ends of the middle half of these ratios, of three rounds of all; nothing if there are none.
   */
  double[] middleHalf(String workload, String server, String base, ToDoubleFunction<Sample> of) {
    double[] ratios = ratios(workload, server, base, of);
    Arrays.sort(ratios);
    int cut = ratios.length / 4;
    return ratios.length == 0
        ? ratios
        : new double[] {ratios[cut], ratios[ratios.length - 1 - cut]};
  }

  /**
   * Each round by itself: what a noisy machine does to both at the same time falls out. A round
   * that was too short for a tick of the kernel's clock has none.
   */
  private double[] ratios(
      String workload, String server, String base, ToDoubleFunction<Sample> of) {
    List<Sample> theirs = of(workload, base);
    return of(workload, server).stream()
        .flatMapToDouble(
            s ->
                theirs.stream()
                    .filter(t -> t.round() == s.round() && of.applyAsDouble(t) > 0)
                    .mapToDouble(t -> of.applyAsDouble(s) / of.applyAsDouble(t)))
        .toArray();
  }

  double startUp(String server) {
    return median(
        startUpMillis.getOrDefault(server, List.of()).stream()
            .mapToDouble(Double::doubleValue)
            .toArray());
  }

  double idle(String server) {
    return idleBytes.containsKey(server) ? idleBytes.get(server) : Double.NaN;
  }

  double resident(String server) {
    return residentBytes.containsKey(server) ? residentBytes.get(server) : Double.NaN;
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  void write(Path file, Settings settings) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(
        "jvm",
        System.getProperty("java.vendor.version") + " " + System.getProperty("java.version"));
    all.put("flags", Settings.JVM_FLAGS);
    all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("cores", Runtime.getRuntime().availableProcessors());
    all.put("rounds", settings.rounds());
    all.put("secondsEach", settings.seconds());
    all.put("warmUpSeconds", settings.warmUpSeconds());
    all.put("samples", samples);
    all.put("startUpMillis", startUpMillis);
    all.put("idleBytes", idleBytes);
    all.put("residentBytes", residentBytes);
    all.put("missing", missing);
    all.put("unable", unable);
    Files.write(
        file, new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(all));
  }
}
