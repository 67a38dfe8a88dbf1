/**
 * The administration of a server as a conversation of paths and JSON, without HTTP: whoever may be asked as a program of
 * this process answers like the one that is asked over the network, and by the same rules.
 */
@NullMarked
package io.entrepot.server.admin;

import org.jspecify.annotations.NullMarked;
