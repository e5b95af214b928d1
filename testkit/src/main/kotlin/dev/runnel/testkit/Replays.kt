package dev.runnel.testkit

/**
 * Sends a recorded request again, with the pieces of its body at their virtual times, and says what is different in the
 * answer: `replay(Recording.read(file)).shouldMatchRecording()`. Virtual time passes as it did when it was recorded.
 *
 * @param edit more to ignore, or times to compare: `{ ignoring("ETag").withTimes() }`
 * @throws IllegalArgumentException if the recording cannot be replayed; see [Replay.on]
 */
public fun ServerTest.replay(recording: Recording, edit: Replay.() -> Replay = { this }): Replayed =
  Replay.of(recording).edit().on(server)
