package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.ByteRange;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.testkit.Seed;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRangesTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=500-1499        | 500+1000",
                "bytes=500-            | 500+1548",
                "bytes=-500            | 1548+500",
                "bytes=2000-5000       | 2000+48",
                "bytes=0-0             | 0+1",
                "bytes=0-              | 0+2048",
                "bytes=2047-           | 2047+1",
                "bytes=-5000           | 0+2048",
                "Bytes=0-1             | 0+2",
                "bytes= 0-1 , 4-5      | 0+2 4+2",
                "bytes=0-1,,4-5,       | 0+2 4+2",
                "bytes=4-5,0-1         | 4+2 0+2",
                "bytes=0-1,5000-6000   | 0+2",
                "bytes=0-1,-0          | 0+2",
                "bytes=0-99999999999999999999999 | 0+2048",
                "bytes=-99999999999999999999999  | 0+2048",
            })
    void ranges_of_2048_bytes(String header, String ranges) {
        assertThat(shown(HttpRanges.parse(header, 2048))).isEqualTo(ranges);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=x",
                "bytes=1",
                "bytes=1-2x",
                "bytes=--1",
                "bytes=1--2",
                "bytes=0-1,x",
                "bytes=+1-2",
                "bytes=0x0-1",
                "bytes 0-1",
                "items=0-1",
                "bytes=0 - 1",
                "bytes=\u0661-"
            })
    void what_is_no_range_asks_for_the_whole(String header) {
        assertThat(HttpRanges.parse(header, 2048)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=5000-10000",
                "bytes=500-0",
                "bytes=2048-",
                "bytes=-0",
                "bytes=0-1,9-8",
                "bytes=99999999999999999999-",
                "bytes=9999-,-0"
            })
    void what_the_blob_does_not_have_is_unsatisfiable(String header) {
        assertThatThrownBy(() -> HttpRanges.parse(header, 2048))
                .isInstanceOfSatisfying(
                        RegistryException.RangeUnsatisfiable.class,
                        e -> assertThat(e.size()).isEqualTo(2048));
    }

    @Test
    void an_empty_blob_is_sent_to_those_who_want_it_from_the_beginning() {
        assertThat(HttpRanges.parse("bytes=0-", 0)).isEmpty();
        assertThat(HttpRanges.parse("bytes=-5", 0)).isEmpty();
        assertThatThrownBy(() -> HttpRanges.parse("bytes=1-", 0))
                .isInstanceOf(RegistryException.RangeUnsatisfiable.class);
    }

    @Test
    void at_most_256_ranges_that_are_no_larger_than_the_blob() {
        assertThat(HttpRanges.parse(ones(256), 2048)).hasSize(256);
        tooMuch(ones(257));
        tooMuch("bytes=0-,0-0");
        tooMuch("bytes=" + "0-,".repeat(200));
        assertThat(HttpRanges.parse("bytes=0-1023,0-1023", 2048)).hasSize(2);
    }

    private static String ones(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> 2 * i + "-" + 2 * i)
                .collect(Collectors.joining(",", "bytes=", ""));
    }

    private static void tooMuch(String header) {
        assertThatThrownBy(() -> HttpRanges.parse(header, 2048))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SIZE_INVALID))
                .isNotInstanceOf(RegistryException.RangeUnsatisfiable.class);
    }

    @Test
    void a_range_never_leaves_the_blob() {
        Random random = seed.random();
        String alphabet = "0123456789--,, 9=bytes";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder header = new StringBuilder("bytes=");
            for (int n = random.nextInt(24); n > 0; n--) {
                header.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            long size = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(100);
            try {
                for (ByteRange range : HttpRanges.parse(header.toString(), size)) {
                    assertThat(range.length()).isPositive();
                    assertThat(range.end()).isLessThanOrEqualTo(size);
                }
            } catch (RegistryException.Invalid e) {
                assertThat(WireError.status(e)).isIn(400, 416);
            }
        }
    }

    @Test
    void a_range_is_named_in_the_answer() {
        assertThat(HttpRanges.satisfied(new ByteRange(500, 1000), 2048)).isEqualTo("bytes 500-1499/2048");
        assertThat(HttpRanges.sizeWhenUnsatisfied(HttpRanges.unsatisfied(2048))).contains(2048L);
        assertThat(HttpRanges.sizeWhenUnsatisfied("bytes */x")).isEmpty();
        assertThat(HttpRanges.sizeWhenUnsatisfied("bytes */")).isEmpty();
        assertThat(HttpRanges.sizeWhenUnsatisfied("")).isEmpty();
    }

    @Test
    void if_range_wants_the_very_same_entity_tag() {
        assertThat(HttpRanges.applies("", "\"x\"")).isTrue();
        assertThat(HttpRanges.applies(" \"x\" ", "\"x\"")).isTrue();
        assertThat(HttpRanges.applies("W/\"x\"", "\"x\"")).isFalse();
        assertThat(HttpRanges.applies("Wed, 21 Oct 2015 07:28:00 GMT", "\"x\"")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0-0,0+1", "5-9,5+5", "bytes 5-9,5+5", "bytes 5-9/*,5+5", "bytes 5-9/10,5+5", "' 5-9 ',5+5"})
    void a_chunk_says_where_it_belongs(String contentRange, String range) {
        assertThat(shown(List.of(UploadRange.parse(contentRange, 3)))).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "5",
                "5-",
                "-5",
                "9-5",
                "a-b",
                "0x0-1",
                "5 - 9",
                "bytes=5-9",
                "5-9/10",
                "+5-9",
                "5--9",
                "0-9223372036854775807",
                "99999999999999999999-99999999999999999999"
            })
    void a_malformed_chunk_is_out_of_order(String contentRange) {
        assertThatThrownBy(() -> UploadRange.parse(contentRange, 3))
                .isInstanceOfSatisfying(
                        RegistryException.OutOfOrder.class,
                        e -> assertThat(e.offset()).isEqualTo(3));
    }

    @Test
    void what_is_held_is_said_without_a_unit() {
        assertThat(UploadRange.held(0)).isEqualTo("0-0");
        assertThat(UploadRange.held(1)).isEqualTo("0-0");
        assertThat(UploadRange.held(100)).isEqualTo("0-99");
        assertThat(UploadRange.heldBytes("0-99")).isEqualTo(100);
        for (String nothing : List.of("", "0-0", "0-", "1-5", "bytes=0-5", "0-x", "0-99999999999999999999")) {
            assertThat(UploadRange.heldBytes(nothing)).as(nothing).isZero();
        }
        assertThat(UploadRange.render(new ByteRange(5, 5))).isEqualTo("5-9");
    }

    private static String shown(List<ByteRange> ranges) {
        return ranges.stream().map(r -> r.offset() + "+" + r.length()).collect(Collectors.joining(" "));
    }
}
