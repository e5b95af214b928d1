package dev.runnel.sse

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import kotlinx.serialization.Serializable

@Serializable private data class Price(val symbol: String, val cents: Int = 0)

class EventLogTest :
  FunSpec({
    fun numbers(capacity: Int) = EventLog<Int>(capacity) { ServerEvent("$it") }

    suspend fun EventLog<Int>.data(after: String?, count: Int) = after(after).take(count).map { it.data() }.toList()

    test("who has seen nothing gets all that is kept") {
      val log = numbers(3)
      for (i in 1..5) log.append(i)
      log.data(null, 3) shouldContainExactly listOf("3", "4", "5")
    }

    test("who comes back gets what is behind its id, also if that is nothing") {
      val log = numbers(3)
      val ids = (1..5).map { log.append(it) }
      ids.toSet() shouldHaveSize 5
      log.data(ids[2], 2) shouldContainExactly listOf("4", "5")
      coroutineScope {
        val next = async(start = CoroutineStart.UNDISPATCHED) { log.after(ids[4]).first() }
        log.append(6)
        next.await().data() shouldBe "6"
      }
    }

    test("the id of the last event that is gone is known still") {
      val log = numbers(3)
      val ids = (1..5).map { log.append(it) }
      log.data(ids[1], 3) shouldContainExactly listOf("3", "4", "5")
    }

    test("what cannot be told is a reset, and then all that is kept") {
      val log = numbers(3)
      val ids = (1..5).map { log.append(it) }
      val other = numbers(3)
      for (id in listOf(ids[0], "", "7", "nonsense", other.append(1), ids[4].replaceAfter('-', "99"), "${ids[4]}x")) {
        val events = log.after(id).take(4).toList()
        events[0].event() shouldBe "reset"
        events[0].data() shouldBe ""
        events.drop(1).map { it.data() } shouldContainExactly listOf("3", "4", "5")
      }
    }

    test("who leaves behind a reset comes back without another") {
      val log = numbers(3)
      for (i in 1..5) log.append(i)
      val reset = log.after("unknown").first()
      log.data(reset.id(), 3) shouldContainExactly listOf("3", "4", "5")
      val empty = numbers(3)
      val place = empty.after("unknown").first().id()
      empty.append(1)
      empty.data(place, 1) shouldContainExactly listOf("1")
    }

    test("a follower that is too slow is told by a reset") {
      val log = numbers(3)
      val seen = ArrayList<String?>()
      val gate = CompletableDeferred<Unit>()
      coroutineScope {
        val follower =
          launch(start = CoroutineStart.UNDISPATCHED) {
            log.after(null).take(5).collect {
              seen += it.event() ?: it.data()
              gate.await()
            }
          }
        log.append(0)
        yield() // it has taken the first and is stuck with it
        for (i in 1..10) log.append(i)
        gate.complete(Unit)
        follower.join()
      }
      seen shouldContainExactly listOf("0", "reset", "8", "9", "10")
    }

    test("followers on many threads see all, in order, once") {
      val log = numbers(100_000)
      withContext(Dispatchers.Default) {
        val followers =
          (1..20).map { number ->
            async {
              var id: String? = null
              val seen = ArrayList<Int>()
              // Leaves every so often, and comes back with the last id.
              while (seen.size < 4_000) {
                log.after(id).take(minOf(1 + number * 37, 4_000 - seen.size)).collect {
                  seen += it.data()!!.toInt()
                  id = it.id()
                }
              }
              seen
            }
          }
        val writers = (0..3).map { writer -> launch { for (i in 0..<1_000) log.append(writer * 1_000 + i) } }
        writers.joinAll()
        val all = followers.awaitAll()
        all.forEach { it shouldContainExactly all[0] }
        all[0].toSet() shouldHaveSize 4_000
        for (writer in 0..3) all[0]
          .filter { it / 1_000 == writer }
          .zipWithNext()
          .filter { (a, b) -> a > b }
          .shouldBeEmpty()
      }
    }

    test("the latest only") {
      val log = numbers(3)
      log.append(1)
      coroutineScope {
        val next = async(start = CoroutineStart.UNDISPATCHED) { log.latest().first() }
        log.append(2)
        next.await().data() shouldBe "2"
      }
    }

    test("an event is encoded once for all who follow") {
      val log = numbers(3)
      log.append(1)
      val one = log.after(null).first()
      val other = log.after(null).first()
      EventEncoder.encode(one) shouldBeSameInstanceAs EventEncoder.encode(other)
    }

    test("values are sent as JSON") {
      val log = EventLog<Price>(capacity = 2)
      log.append(Price("RNL"))
      log.after(null).first().data() shouldBe """{"symbol":"RNL","cents":0}"""
    }

    test("another log has other ids") { numbers(1).append(1) shouldNotBe numbers(1).append(1) }

    test("a log keeps something") {
      shouldThrow<IllegalArgumentException> { numbers(0) }.message shouldBe
        "a log must keep at least one event, but its capacity is 0"
    }
  })
