package io.entrepot.proxy.remote;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The least that sends a request: nobody logs in, and nothing is tried twice. */
final class PlainTransport implements Transport {
    private final URI root;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .protocols(List.of(Protocol.HTTP_1_1))
            .readTimeout(Duration.ofSeconds(10))
            .build();

    PlainTransport(URI root) {
        this.root = root;
    }

    @Override
    public Reply send(Outgoing request) {
        URI target = request.target().isAbsolute()
                ? request.target()
                : URI.create(root + request.target().toString());
        Request.Builder builder = new Request.Builder()
                .url(target.toString())
                .header("Accept-Encoding", "identity")
                .method(request.method(), body(request));
        request.headers().forEach(builder::header);
        try {
            return new PlainReply(http.newCall(builder.build()).execute());
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static @Nullable RequestBody body(Outgoing request) {
        Optional<byte[]> bytes = request.body().map(ByteBuffer::duplicate).map(buffer -> {
            byte[] copy = new byte[buffer.remaining()];
            buffer.get(copy);
            return copy;
        });
        return bytes.map(RequestBody::create).orElse(null);
    }

    private static RegistryException.Unavailable unavailable(IOException e) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "the remote registry cannot be reached", Optional.empty(), e);
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private record PlainReply(Response response) implements Reply {
        @Override
        public int status() {
            return response.code();
        }

        @Override
        public String header(String name) {
            return String.join(", ", headers(name));
        }

        @Override
        public List<String> headers(String name) {
            return response.headers(name);
        }

        @Override
        public OptionalLong length() {
            long length = response.body().contentLength();
            return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
        }

        @Override
        public URI from() {
            return response.request().url().uri();
        }

        @Override
        public InputStream body() {
            return response.body().byteStream();
        }

        @Override
        public byte[] bytes(int limit) {
            try {
                byte[] bytes = body().readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw Refusals.nonsense("an answer is longer than " + limit + " bytes");
                }
                return bytes;
            } catch (IOException e) {
                throw unavailable(e);
            }
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
