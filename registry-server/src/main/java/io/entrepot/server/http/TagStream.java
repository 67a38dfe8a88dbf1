package io.entrepot.server.http;

import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.xnio.IoUtils;

/**
 * Sends a list of tags that is longer than a page, a page at a time: the next one is read when the client has taken the
 * one before. Memory holds one page, no thread waits, and what breaks off does not look complete.
 */
final class TagStream implements IoCallback {
    private final Turn turn;
    private final Function<PageRequest, Page<Tag>> pages;
    private PageRequest asked;
    private Page<Tag> page;

    private TagStream(Turn turn, PageRequest asked, Page<Tag> first, Function<PageRequest, Page<Tag>> pages) {
        this.turn = turn;
        this.asked = asked;
        this.page = first;
        this.pages = pages;
    }

    static void send(
            Turn turn,
            RepositoryName name,
            Page<Tag> first,
            PageRequest asked,
            Function<PageRequest, Page<Tag>> pages) {
        HttpServerExchange exchange = turn.exchange();
        exchange.setStatusCode(200);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, Answers.JSON);
        if (Answers.isHead(exchange)) {
            Answers.end(exchange);
            return;
        }
        TagStream stream = new TagStream(turn, asked, first, pages);
        // What memory answered is sent within the handler's call, after which Undertow would end an exchange that goes
        // on.
        exchange.dispatch(Runnable::run, () -> stream.sendPage("{\"name\":\"" + name + "\",\"tags\":["));
    }

    /** Neither names nor tags have characters that JSON would escape. */
    private void sendPage(String before) {
        StringBuilder json = new StringBuilder(before);
        String separator = "";
        for (Tag tag : page.items()) {
            json.append(separator).append('"').append(tag.name()).append('"');
            separator = ",";
        }
        if (!page.more()) {
            json.append("]}");
        }
        ByteBuffer bytes = ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.US_ASCII));
        IoCallback then = page.more() ? this : IoCallback.END_EXCHANGE;
        HttpServerExchange exchange = turn.exchange();
        Answers.onIoThread(exchange, () -> exchange.getResponseSender().send(bytes, then));
    }

    @Override
    public void onComplete(HttpServerExchange exchange, Sender sender) {
        try {
            turn.workers().far(this::nextPage);
        } catch (RegistryException.Unavailable e) {
            breakOff(exchange);
        }
    }

    private void nextPage() {
        try {
            asked = asked.after(page.items().get(page.items().size() - 1).name());
            page = pages.apply(asked);
            sendPage(page.items().isEmpty() ? "" : ",");
        } catch (RuntimeException e) {
            turn.fail(e);
        }
    }

    @Override
    public void onException(HttpServerExchange exchange, Sender sender, IOException exception) {
        breakOff(exchange);
    }

    private static void breakOff(HttpServerExchange exchange) {
        IoUtils.safeClose(exchange.getConnection());
        Answers.end(exchange);
    }
}
