package dev.runnel.routing;

import dev.runnel.engine.Filter;
import dev.runnel.engine.Handler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as it was declared. Prefixes are whole within the {@link Routes} it stands in.
 *
 * @param prefix below which the group lies
 * @param host of this group itself, not of the one around it
 * @param filters in written order
 * @param members in written order
 * @param fallback of this group itself, or null
 */
record Group(
    PathPattern prefix,
    @Nullable HostPattern host,
    List<Filter> filters,
    List<GroupMember> members,
    @Nullable Fallback fallback)
    implements GroupMember {
  /** Routes put below a prefix. */
  record Mount(PathPattern prefix, Routes routes, String declaredAt) implements GroupMember {}

  /** Who answers what no route matches. */
  record Fallback(Handler handler, String declaredAt) {}
}
