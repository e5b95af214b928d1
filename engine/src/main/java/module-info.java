/** Runnel's engine: HTTP values, server, routing and the Java face. */
module dev.runnel.engine {
  requires static transitive org.jspecify;
  requires static com.fasterxml.jackson.databind;
  requires static com.fasterxml.jackson.core;
  requires org.slf4j;
  requires java.management;
  requires io.netty.common;
  requires io.netty.buffer;
  requires io.netty.transport;
  requires io.netty.codec;
  requires io.netty.handler;
  requires io.netty.codec.dns;
  requires io.netty.resolver;
  requires io.netty.resolver.dns;
  requires io.netty.codec.haproxy;
  requires io.netty.codec.http2;
  requires io.netty.transport.unix.common;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.kqueue;
  requires io.netty.transport.classes.io_uring;

  exports dev.runnel.io;
  exports dev.runnel.http;
  exports dev.runnel.engine;
  exports dev.runnel.routing;
  exports dev.runnel.server;
  exports dev.runnel.transport;
  exports dev.runnel.transport.netty;
  exports dev.runnel.websocket;
  exports dev.runnel.hub;
  exports dev.runnel.memory;
  exports dev.runnel.transport.memory;

  uses dev.runnel.http.BodyCodec;
}
