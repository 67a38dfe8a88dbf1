package io.entrepot.server;

import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.ControlFile;
import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorException;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.IoThreads;
import io.entrepot.server.http.AdminHandler;
import io.entrepot.server.http.ControlHandler;
import io.entrepot.server.http.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the commands of this machine reach a server that runs, whatever its ports and certificates: a door of its own on a
 * loopback address, which a file in the data folder tells to those who may read it. Its threads are its own, too.
 */
final class Control implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);
    /** Few: nobody but the commands comes here. */
    private static final Workers.Sizes SIZES = new Workers.Sizes(1, 2, 1, 64, 4, 1 << 20);

    private final Path folder;
    private final Opened opened = new Opened();

    private Control(Path folder) {
        this.folder = folder;
    }

    /** @throws StartException if there is no address for it, or the file cannot be written */
    static Control open(Path folder, AdminApi api, IoThreads io) {
        Control control = new Control(folder);
        try {
            String token = ControlFile.newToken(new SecureRandom());
            Workers workers = control.opened.add(new Workers(SIZES));
            InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Connector connector = control.opened.add(Connector.open(
                    new ConnectorOptions(loopback), io, new ControlHandler(new AdminHandler(api, workers), token)));
            String host = connector.address().getAddress().getHostAddress();
            URI url = URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                    + connector.address().getPort());
            new ControlFile(url, token).write(folder);
            return control;
        } catch (ConnectorException e) {
            control.opened.close();
            throw StartException.of(e, 0);
        } catch (IOException e) {
            control.opened.close();
            throw new StartException("The data folder " + folder + " cannot be written: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            ControlFile.remove(folder);
        } catch (IOException e) {
            LOG.warn("{} could not be removed; it is of no use any more", folder, e);
        }
        opened.close();
    }
}
