package io.entrepot.server.http;

import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Visit;

/** Who sent a request, and from where. */
public record Visitor(Caller caller, Visit visit) {}
