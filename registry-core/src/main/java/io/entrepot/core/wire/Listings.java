package io.entrepot.core.wire;

import com.google.gson.stream.JsonWriter;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The bodies of the tag list and the catalogue, written as they are read from the store, so that none is held whole. */
public final class Listings {
    private Listings() {}

    /** {@code {"name":…,"tags":[…]}}; the writer is flushed, not closed. */
    public static void tags(RepositoryName name, Iterator<Tag> tags, Writer out) throws IOException {
        JsonWriter json = Json.writer(out);
        json.beginObject().name("name").value(name.value()).name("tags");
        strings(tags, json);
        json.endObject().flush();
    }

    /** {@code {"repositories":[…]}}; the writer is flushed, not closed. */
    public static void catalog(Iterator<RepositoryName> names, Writer out) throws IOException {
        JsonWriter json = Json.writer(out);
        json.beginObject().name("repositories");
        strings(names, json);
        json.endObject().flush();
    }

    /**
     * All entries of a list, page by page: the next page is asked for when the one before it has been used up.
     *
     * @param first the page to begin with, already there, so that what fails fails before a status was sent
     * @param pages the list; its entries are named by their {@code toString()}
     */
    public static <T> Iterator<T> walk(Page<T> first, PageRequest asked, Function<PageRequest, Page<T>> pages) {
        return new Iterator<>() {
            private Page<T> page = first;
            private int next;

            @Override
            public boolean hasNext() {
                if (next == page.items().size() && page.more() && next > 0) {
                    T last = page.items().get(next - 1);
                    page = pages.apply(asked.after(last.toString()));
                    next = 0;
                }
                return next < page.items().size();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return page.items().get(next++);
            }
        };
    }

    private static void strings(Iterator<?> values, JsonWriter json) throws IOException {
        json.beginArray();
        while (values.hasNext()) {
            json.value(values.next().toString());
        }
        json.endArray();
    }
}
