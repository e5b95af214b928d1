package dev.runnel.routing;

/** What stands in a group. */
sealed interface GroupMember permits Route, Group, Group.Mount {}
