package dev.runnel.testkit

import dev.runnel.server.Eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

class PendingTest :
  FunSpec({
    test("it is posted once until it runs") {
      val queue = ConcurrentLinkedQueue<Runnable>()
      var ran = 0
      val pending = Pending(queue::add) { ran++ }
      repeat(3) { pending.ask() }
      queue shouldHaveSize 1
      queue.remove().run()
      ran shouldBe 1
      queue.shouldBeEmpty()
      pending.ask()
      queue shouldHaveSize 1
    }

    test("who asks from within the task gets another run") {
      val queue = ConcurrentLinkedQueue<Runnable>()
      lateinit var pending: Pending
      pending = Pending(queue::add) { pending.ask() }
      pending.ask()
      queue.remove().run()
      queue shouldHaveSize 1
    }

    test("nobody who asked goes on before it is in the queue") {
      val queue = ConcurrentLinkedQueue<Runnable>()
      val begun = CountDownLatch(1)
      val goOn = CountDownLatch(1)
      val slow = { task: Runnable ->
        begun.countDown()
        Eventually.opens(goOn, "the other one to ask")
        queue.add(task)
        Unit
      }
      val pending = Pending(slow) {}
      val first = thread { pending.ask() }
      Eventually.opens(begun, "the first to be posting")
      val second = thread { pending.ask() }
      Eventually.until({ second.state == Thread.State.BLOCKED }, "the second to wait for the first")
      goOn.countDown()
      Eventually.until({ !first.isAlive && !second.isAlive }, "both to go on")
      queue shouldHaveSize 1
    }
  })
