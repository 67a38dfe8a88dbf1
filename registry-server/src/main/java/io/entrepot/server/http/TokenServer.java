package io.entrepot.server.http;

/**
 * Who gives the tokens for a connector, if that is not the connector itself.
 *
 * @param realm the address where clients fetch them
 * @param service what they are made out for
 */
public record TokenServer(String realm, String service) {}
