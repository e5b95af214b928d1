package dev.runnel.engine.internal.netty;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one loop in the order they came, chained through themselves: joining and leaving
 * allocates nothing.
 */
final class LinkList {
  private @Nullable NettyLink first;
  private @Nullable NettyLink last;

  void add(NettyLink link) {
    link.list = this;
    link.before = last;
    link.after = null;
    if (last == null) {
      first = link;
    } else {
      last.after = link;
    }
    last = link;
  }

  static void remove(NettyLink link) {
    LinkList list = link.list;
    if (list == null) {
      return;
    }
    if (link.before == null) {
      list.first = link.after;
    } else {
      link.before.after = link.after;
    }
    if (link.after == null) {
      list.last = link.before;
    } else {
      link.after.before = link.before;
    }
    link.list = null;
    link.before = null;
    link.after = null;
  }

  @Nullable NettyLink first() {
    return first;
  }

  /** A copy, because visiting them may make them leave. */
  List<NettyLink> snapshot() {
    List<NettyLink> all = new ArrayList<>();
    for (NettyLink link = first; link != null; link = link.after) {
      all.add(link);
    }
    return all;
  }
}
