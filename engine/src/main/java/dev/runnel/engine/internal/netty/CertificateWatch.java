package dev.runnel.engine.internal.netty;

import dev.runnel.engine.TlsException;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.tls.TlsContexts;
import dev.runnel.io.Loop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time whether the files behind a place's certificates have changed: by the
 * loop's clock, but on a thread that may block. Looking needs no native watcher, sees what other
 * hosts write to a shared disk, and costs a few stats.
 */
final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final TlsContexts contexts;
  private final ServerState server;
  private final Loop loop;
  private final AtomicBoolean looking = new AtomicBoolean();

  CertificateWatch(TlsContexts contexts, ServerState server, Loop loop) {
    this.contexts = contexts;
    this.server = server;
    this.loop = loop;
  }

  /** Begins, if there is anything to look at. */
  void start() {
    if (!contexts.tls().reloadEvery().isZero() && !contexts.files().isEmpty()) {
      next();
    }
  }

  private void next() {
    loop.schedule(this::look, contexts.tls().reloadEvery());
  }

  private void look() {
    if (server.isStopping()) {
      return;
    }
    if (looking.compareAndSet(false, true)) {
      try {
        server.blocking().run(this::reloadIfChanged);
      } catch (RejectedExecutionException e) {
        looking.set(false); // all threads are taken: the files will have changed later as well
        LOG.debug("certificates were not looked at", e);
      }
    }
    next();
  }

  private void reloadIfChanged() {
    try {
      if (contexts.reloadIfChanged()) {
        LOG.info("certificates changed and were reloaded: {}", contexts.tls().certificates());
      }
    } catch (TlsException e) {
      LOG.error("certificates changed but the old ones stay in use: {}", e.getMessage());
    } finally {
      looking.set(false);
    }
  }
}
