package io.entrepot.proxy.remote;

/**
 * Brings the answer to one request to a registry: logged in, with redirects followed, and never with a credential where it
 * does not belong. Blocks; safe for all threads.
 */
interface Transport extends AutoCloseable {

    /**
     * Statuses are the caller's to judge, except that a 401 was answered with what we have to show, if that was possible.
     *
     * @return belongs to the caller, who closes it
     * @throws io.entrepot.core.RegistryException.Unavailable if there is no answer: no connection, a broken one, TLS, time,
     *     a redirect that may not be followed, a token endpoint that is overloaded or down
     * @throws io.entrepot.core.RegistryException.Unauthorized with WRONG_CREDENTIALS if our credentials were refused, with
     *     NOBODY if some are asked for and there are none
     */
    Reply send(Outgoing request);

    @Override
    void close();
}
