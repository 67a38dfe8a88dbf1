package io.entrepot.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents are manifests, and what a client is told about those that are not. Single quotes stand for double. */
class ManifestReaderTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String BLOB = "{'mediaType':'t/x','digest':'" + DIGEST + "','size':3}";
    private static final String IMAGE_HEAD = "{'schemaVersion':2,'config':" + BLOB;

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void an_image_refers_to_its_config_layers_and_subject() {
        Links links = read(
                MediaType.OCI_MANIFEST,
                IMAGE_HEAD + ",'layers':[" + BLOB + "," + BLOB + "],'subject':" + BLOB
                        + ",'artifactType':'a/b','annotations':{'k':'v'}}");

        Descriptor blob = new Descriptor(new MediaType("t/x"), Digest.parse(DIGEST), 3);
        assertThat(links.config()).contains(blob);
        assertThat(links.layers()).containsExactly(blob, blob);
        assertThat(links.children()).isEmpty();
        assertThat(links.subject()).contains(blob);
        assertThat(links.artifactType()).contains(new MediaType("a/b"));
        assertThat(links.annotations()).containsEntry("k", "v");
    }

    @Test
    void a_descriptor_keeps_its_artifact_type_and_annotations() {
        String child = BLOB.replace("}", ",'artifactType':'a/b+json','annotations':{'k':'\\u00e4'}}");
        Links links = read(MediaType.OCI_INDEX, "{'schemaVersion':2,'manifests':[" + child + "]}");

        assertThat(links.children()).singleElement().satisfies(d -> {
            assertThat(d.artifactType()).contains(new MediaType("a/b+json"));
            assertThat(d.annotations()).containsEntry("k", "ä");
        });
    }

    static Stream<String> images() {
        return Stream.of(
                IMAGE_HEAD + ",'layers':[]}",
                IMAGE_HEAD + ",'layers':null,'annotations':null,'subject':null,'artifactType':''}",
                IMAGE_HEAD + "}",
                IMAGE_HEAD + ",'mediaType':'" + MediaType.OCI_MANIFEST + "'}",
                IMAGE_HEAD + ",'unknown':{'deep':[1e999,-0.5,true,null,{'a':{}}]},'urls':7}",
                IMAGE_HEAD + ",'annotations':{'':'','layers':'manifests','Size':'1'}}",
                " \n\t\r" + IMAGE_HEAD + "} \n",
                IMAGE_HEAD.replace("}", ",'data':'e30=','urls':['https://example.org/x'],'platform':{'os':'linux'}}")
                        + "}",
                IMAGE_HEAD.replace(":3", ":9007199254740992") + "}",
                IMAGE_HEAD.replace("t/x", "application/vnd.cncf.helm.config.v1+json") + "}",
                IMAGE_HEAD + ",'layers':[" + (BLOB + ",").repeat(999) + BLOB + "]}",
                IMAGE_HEAD + ",'x':" + "[".repeat(31) + "]".repeat(31) + "}",
                IMAGE_HEAD + ",'emoji':'\\ud83d\\ude00 \ud83d\ude00'}");
    }

    @ParameterizedTest
    @MethodSource("images")
    void these_are_images(String json) {
        assertThatCode(() -> read(MediaType.OCI_MANIFEST, json)).doesNotThrowAnyException();
    }

    static Stream<String> malformed() {
        return Stream.of(
                "",
                " ",
                "null",
                "[]",
                "2",
                "'x'",
                "{",
                IMAGE_HEAD,
                IMAGE_HEAD + ",}",
                IMAGE_HEAD + "}}",
                IMAGE_HEAD + "} {}",
                IMAGE_HEAD + "} x",
                IMAGE_HEAD + "}\0",
                IMAGE_HEAD + "} // comment",
                IMAGE_HEAD + ",'x':/**/1}",
                IMAGE_HEAD + ",x:1}",
                IMAGE_HEAD + ",'x'=1}",
                IMAGE_HEAD + ";'x':1}",
                IMAGE_HEAD + ",'x':NaN}",
                IMAGE_HEAD + ",'x':TRUE}",
                IMAGE_HEAD + ",'x':01}",
                IMAGE_HEAD + ",'x':'\t'}",
                IMAGE_HEAD + ",'x':'\\u12g4'}",
                IMAGE_HEAD + ",'x':'\\x'}",
                IMAGE_HEAD + ",'x':[1,]}",
                ")]}'\n" + IMAGE_HEAD + "}",
                "\ufeff" + IMAGE_HEAD + "}",
                IMAGE_HEAD + ",'x':'\\ud800'}",
                IMAGE_HEAD + ",'x':'\\udc00\\ud800'}",
                IMAGE_HEAD + ",'\\udfff':1}",
                IMAGE_HEAD + ",'x':" + "[".repeat(32) + "]".repeat(32) + "}",
                IMAGE_HEAD + ",'x':" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                IMAGE_HEAD + ",'x':" + "{'a':".repeat(100_000) + "1" + "}".repeat(100_000) + "}",
                IMAGE_HEAD + ",'x':" + "9".repeat(100_000) + "}");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void these_are_not_even_json_of_our_kind(String json) {
        refused(MediaType.OCI_MANIFEST, json);
    }

    /** Bytes that no string of Java's can hold. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "c0af", "e282", "eda080", "f5808080", "ff", "c3"})
    void bytes_that_are_not_utf8_are_refused(String hex) {
        byte[] wrong = HexFormat.of().parseHex(hex);
        byte[] head = json(IMAGE_HEAD + ",'x':'");
        byte[] inside = concat(head, wrong, json("'}"));
        byte[] atEnd = concat(json(IMAGE_HEAD + "}"), wrong);

        for (byte[] bytes : new byte[][] {inside, atEnd}) {
            assertThatThrownBy(() -> ManifestReader.read(MediaType.OCI_MANIFEST, bytes))
                    .isInstanceOf(RegistryException.Invalid.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'schemaVersion':2,'config':B,'schemaVersion':2                     | schemaVersion stands there twice
            'schemaVersion':2,'config':B,'config':B                            | config stands there twice
            'schemaVersion':2,'config':B,'layers':[],'layers':[B]              | layers stands there twice
            'schemaVersion':2,'config':B,'l\\u0061yers':[],'layers':[B]        | layers stands there twice
            'schemaVersion':2,'config':B,'layers':null,'layers':[]             | layers stands there twice
            'schemaVersion':2,'config':B,'x':{'y':[{'z':1,'z':1}]}             | x.y[0].z stands there twice
            'schemaVersion':2,'config':B,'annotations':{'a':'1','a':'2'}       | annotations.a stands there twice
            'schemaVersion':2,'config':B,'layers':[B,{'size':1,'size':1}]      | layers[1].size stands there twice
            'schemaVersion':2,'config':B,'layers':[],'Layers':[B]              | Layers is written layers
            'schemaVersion':2,'config':B,'\\u017fubject':B                     | is written subject
            'schemaVersion':2,'config':B,'layers':[{'Digest':'x'}]             | layers[0].Digest is written digest
            'schemaVersion':2,'config':B,'manifests':[]                        | two different kinds
            'schemaVersion':2,'config':B,'manifests':null                      | two different kinds
            'schemaVersion':2,'config':B,'fsLayers':[]                         | two different kinds
            'schemaVersion':2,'layers':[]                                      | config is missing
            'schemaVersion':2,'config':null                                    | config is missing
            'config':B                                                         | schemaVersion is not 2
            'schemaVersion':1,'config':B                                       | schemaVersion is not 2
            'schemaVersion':'2','config':B                                     | schemaVersion is not a whole number
            'schemaVersion':2.0,'config':B                                     | schemaVersion is not a whole number
            'schemaVersion':2e0,'config':B                                     | schemaVersion is not a whole number
            'schemaVersion':2,'config':B,'mediaType':'a/b'                     | make them equal
            'schemaVersion':2,'config':B,'mediaType':''                        | mediaType: a media type has
            'schemaVersion':2,'config':B,'mediaType':2                         | mediaType is not a string
            'schemaVersion':2,'config':B,'artifactType':'a b'                  | artifactType: a media type has
            'schemaVersion':2,'config':[]                                      | config is not an object
            'schemaVersion':2,'config':B,'layers':{}                           | layers is not an array
            'schemaVersion':2,'config':B,'layers':[null]                       | layers[0] is not an object
            'schemaVersion':2,'config':B,'layers':[B,B,B,{}]                   | layers[3].mediaType is missing
            'schemaVersion':2,'config':{'mediaType':'a/b','size':1}            | config.digest is missing
            'schemaVersion':2,'config':{'mediaType':'a/b','digest':'D'}        | config.size is missing
            'schemaVersion':2,'config':B,'layers':[B,{'digest':'md5:00'}]      | layers[1].digest: unsupported digest
            'schemaVersion':2,'config':B,'layers':[B,{'digest':'blake3:00'}]   | layers[1].digest: unsupported digest
            'schemaVersion':2,'config':B,'subject':{'digest':'sha256:../..'}   | subject.digest: a sha256 digest has
            'schemaVersion':2,'config':{'digest':'sha256'}                     | config.digest: a digest has the form
            'schemaVersion':2,'config':{'digest':7}                            | config.digest is not a string
            'schemaVersion':2,'config':{'size':-1}                             | config.size is not a whole number
            'schemaVersion':2,'config':{'size':-0}                             | config.size is not a whole number
            'schemaVersion':2,'config':{'size':'12'}                           | config.size is not a whole number
            'schemaVersion':2,'config':{'size':1.0}                            | config.size is not a whole number
            'schemaVersion':2,'config':{'size':1e3}                            | config.size is not a whole number
            'schemaVersion':2,'config':{'size':9007199254740993}               | config.size is not a whole number
            'schemaVersion':2,'config':{'size':18446744073709551617}           | config.size is not a whole number
            'schemaVersion':2,'config':B,'annotations':{'a':1}                 | annotations.a is not a string
            'schemaVersion':2,'config':B,'annotations':{'a':null}              | annotations.a is not a string
            'schemaVersion':2,'config':B,'annotations':[]                      | annotations is not an object
            """)
    void a_message_names_the_place(String members, String message) {
        String json = "{" + members.replace("B", BLOB).replace("'D'", "'" + DIGEST + "'") + "}";
        assertThatThrownBy(() -> read(MediaType.OCI_MANIFEST, json)).hasMessageContaining(message);
        refused(MediaType.OCI_MANIFEST, json);
    }

    @Test
    void entries_are_counted() {
        refused(MediaType.OCI_MANIFEST, IMAGE_HEAD + ",'layers':[" + (BLOB + ",").repeat(1000) + BLOB + "]}");
        refused(MediaType.OCI_INDEX, "{'schemaVersion':2,'manifests':[" + (BLOB + ",").repeat(1000) + BLOB + "]}");
    }

    @Test
    void annotations_may_fill_the_whole_manifest() {
        String large = IMAGE_HEAD + ",'annotations':{'k':'" + "v".repeat(3_900_000) + "'}}";
        assertThat(read(MediaType.OCI_MANIFEST, large).annotations().get("k")).hasSize(3_900_000);
    }

    /** The documents of GHSA-77vh-xpmg-72qh and its kin: an index to one reader, an image to the other. */
    @ParameterizedTest
    @ValueSource(strings = {"'config':B", "'layers':[B]", "'layers':[]", "'fsLayers':[]", "'config':null"})
    void an_index_that_is_an_image_too_is_neither(String member) {
        String json = "{'schemaVersion':2,'manifests':[]," + member.replace("B", BLOB) + "}";
        for (MediaType type : new MediaType[] {
            MediaType.OCI_INDEX, MediaType.DOCKER_LIST, MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST
        }) {
            refused(type, json);
        }
    }

    @Test
    void an_index_may_be_empty_but_not_without_manifests() {
        assertThat(read(MediaType.OCI_INDEX, "{'schemaVersion':2,'manifests':[]}")
                        .children())
                .isEmpty();
        assertThat(read(MediaType.DOCKER_LIST, "{'schemaVersion':2,'manifests':null}")
                        .children())
                .isEmpty();
        refused(MediaType.OCI_INDEX, "{'schemaVersion':2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.docker.distribution.manifest.v1+json",
                "application/vnd.docker.distribution.manifest.v1+prettyjws"
            })
    void schema_1_is_refused_by_name(String type) {
        assertThatThrownBy(() -> read(new MediaType(type), "{'schemaVersion':1,'fsLayers':[]}"))
                .hasMessageContaining("schema 1 are not accepted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "image/svg+xml", "application/json", "application/vnd.oci.artifact.manifest.v1+json"
            })
    void other_types_are_no_manifests(String type) {
        assertThatThrownBy(() -> read(new MediaType(type), IMAGE_HEAD + "}")).hasMessageContaining(type);
        refused(new MediaType(type), IMAGE_HEAD + "}");
    }

    @Test
    void a_manifest_without_a_type_is_what_it_says_or_looks_like() {
        assertThat(Manifest.typeOf(json(IMAGE_HEAD + ",'mediaType':'" + MediaType.DOCKER_MANIFEST + "'}")))
                .isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(Manifest.typeOf(json(IMAGE_HEAD + "}"))).isEqualTo(MediaType.OCI_MANIFEST);
        assertThat(Manifest.typeOf(json("{'schemaVersion':2,'manifests':[]}"))).isEqualTo(MediaType.OCI_INDEX);
        assertThatThrownBy(() -> Manifest.typeOf(json("{'schemaVersion':2}")))
                .isInstanceOf(RegistryException.Invalid.class);
    }

    @Test
    void a_message_does_not_repeat_a_long_name() {
        String name = "n".repeat(100_000);
        assertThatThrownBy(() -> read(MediaType.OCI_MANIFEST, IMAGE_HEAD + ",'" + name + "':1,'" + name + "':1}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    /** Random damage to good documents: links, or a refusal as of any other. */
    @Test
    void whatever_the_bytes_are_they_are_read_or_refused() {
        Random random = seed.random();
        List<String> good = images().filter(s -> s.length() < 1_000).toList();
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = json(good.get(random.nextInt(good.size())));
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(bytes.length);
                if (random.nextBoolean()) {
                    bytes[at] = (byte) random.nextInt(256);
                } else {
                    bytes = concat(
                            Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + random.nextInt(2), bytes.length));
                }
            }
            try {
                ManifestReader.read(MediaType.OCI_MANIFEST, bytes);
                read++;
            } catch (RegistryException.Invalid e) {
                assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID);
            }
        }
        assertThat(read).isBetween(1, 19_999);
    }

    private static void refused(MediaType type, String json) {
        assertThatThrownBy(() -> read(type, json))
                .isInstanceOfSatisfying(
                        RegistryException.Invalid.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID));
    }

    private static Links read(MediaType type, String json) {
        return Manifest.of(type, Digest.Algorithm.SHA256, json(json)).links();
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(p -> p.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
