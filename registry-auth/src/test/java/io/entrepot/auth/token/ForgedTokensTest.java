package io.entrepot.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Action;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that was ever tried on those who verify tokens, as far as it is known; every one of it is refused. */
class ForgedTokensTest {
    private final World world = new World();
    private final ECKey attacker;
    private final SigningKey ours;
    private final JsonObject goodHeader;
    private final JsonObject goodClaims;
    private final String good;

    ForgedTokensTest() throws JOSEException {
        attacker = new ECKeyGenerator(Curve.P_256).keyID("attacker").generate();
        world.policy.grant(World.ALICE, "team/app", Action.values());
        good = world.ask(World.ALICE, "repository:team/app:pull").token();
        ours = world.tokens.keys().signing();
        goodHeader = part(0);
        goodClaims = part(1);
    }

    private JsonObject part(int index) {
        return StrictJson.read(Base64.getUrlDecoder().decode(good.split("\\.", -1)[index]))
                .orElseThrow();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With a signature of the true key, over whatever it is: as if the check before the signature were all there is. */
    private String signed(String header, String claims, ECKey key) {
        String input = base64(header) + "." + base64(claims);
        return input + "." + signature(input, key);
    }

    private static String signature(String input, ECKey key) {
        try {
            JWSHeader plain = new JWSHeader(SigningKey.ALGORITHM);
            return new ECDSASigner(key)
                    .sign(plain, input.getBytes(StandardCharsets.US_ASCII))
                    .toString();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private String header(Consumer<JsonObject> change) {
        JsonObject header = goodHeader.deepCopy();
        change.accept(header);
        return signed(header.toString(), goodClaims.toString(), ours.pair());
    }

    private String claims(Consumer<JsonObject> change) {
        JsonObject claims = goodClaims.deepCopy();
        change.accept(claims);
        return signed(goodHeader.toString(), claims.toString(), ours.pair());
    }

    private String keyed(Consumer<JsonObject> change) {
        JsonObject header = goodHeader.deepCopy();
        change.accept(header);
        return signed(header.toString(), goodClaims.toString(), attacker);
    }

    private String hmac(String algorithm, byte[] secret) {
        JsonObject header = goodHeader.deepCopy();
        header.addProperty("alg", "HS256");
        String input = base64(header.toString()) + "." + base64(goodClaims.toString());
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String byAnotherAlgorithm(String name, String keyAlgorithm, String signatureAlgorithm) {
        JsonObject header = goodHeader.deepCopy();
        header.addProperty("alg", name);
        String input = base64(header.toString()) + "." + base64(goodClaims.toString());
        try {
            KeyPair pair = KeyPairGenerator.getInstance(keyAlgorithm).generateKeyPair();
            Signature signature = Signature.getInstance(signatureAlgorithm);
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, String> forged() throws GeneralSecurityException, JOSEException {
        Map<String, String> forged = new LinkedHashMap<>();
        String claims = goodClaims.toString();
        String[] parts = good.split("\\.", -1);
        for (String none : List.of("none", "None", "nOnE", "NONE", "")) {
            JsonObject header = goodHeader.deepCopy();
            header.addProperty("alg", none);
            forged.put("alg '" + none + "'", base64(header.toString()) + "." + parts[1] + ".");
            forged.put("alg '" + none + "' with a signature", header(h -> h.addProperty("alg", none)));
        }
        forged.put("no alg", header(h -> h.remove("alg")));
        forged.put("alg of another case", header(h -> h.addProperty("alg", "es256")));
        forged.put("alg that is a list", header(h -> h.add("alg", list("ES256"))));
        forged.put("alg null", header(h -> h.add("alg", com.google.gson.JsonNull.INSTANCE)));
        byte[] publicKey = ours.pair().toECPublicKey().getEncoded();
        forged.put("HS256 with our public key", hmac("HmacSHA256", publicKey));
        forged.put(
                "HS256 with our public key as PEM",
                hmac(
                        "HmacSHA256",
                        ("-----BEGIN PUBLIC KEY-----\n"
                                        + Base64.getMimeEncoder().encodeToString(publicKey)
                                        + "\n-----END PUBLIC KEY-----\n")
                                .getBytes(StandardCharsets.US_ASCII)));
        forged.put("HS256 with our JWKS", hmac("HmacSHA256", world.tokens.keys().jwks()));
        forged.put("HS256 with our id", hmac("HmacSHA256", ours.id().getBytes(StandardCharsets.US_ASCII)));
        forged.put("HS256 with a blank key", hmac("HmacSHA256", new byte[1]));
        forged.put("HS256 with zeros", hmac("HmacSHA256", new byte[32]));
        forged.put("HS512 named HS256", hmac("HmacSHA512", publicKey));
        forged.put("RS256 under our id", byAnotherAlgorithm("RS256", "RSA", "SHA256withRSA"));
        forged.put("EdDSA under our id", byAnotherAlgorithm("EdDSA", "Ed25519", "Ed25519"));
        forged.put("ES256 in DER", byAnotherAlgorithm("ES256", "EC", "SHA256withECDSA"));
        forged.put("ES384 under our id", header(h -> h.addProperty("alg", "ES384")));
        forged.put("ES256K under our id", header(h -> h.addProperty("alg", "ES256K")));
        forged.put("signed by somebody", keyed(h -> {}));
        forged.put("an embedded key", keyed(h -> h.add("jwk", jwk(attacker))));
        forged.put("an embedded key without id", keyed(h -> {
            h.remove("kid");
            h.add("jwk", jwk(attacker));
        }));
        forged.put("an embedded key, and ours signs", header(h -> h.add("jwk", jwk(ours.pair()))));
        forged.put("a jku", keyed(h -> h.addProperty("jku", "http://127.0.0.1:9/keys")));
        forged.put("an x5u", keyed(h -> h.addProperty("x5u", "http://127.0.0.1:9/chain")));
        forged.put("an x5c", keyed(h -> h.add("x5c", list(Base64.getEncoder().encodeToString(publicKey)))));
        forged.put("a crit", header(h -> h.add("crit", list("exp"))));
        forged.put("an empty crit", header(h -> h.add("crit", new JsonArray())));
        forged.put("b64 false", header(h -> {
            h.addProperty("b64", false);
            h.add("crit", list("b64"));
        }));
        forged.put("zip", header(h -> h.addProperty("zip", "DEF")));
        forged.put("no kid", header(h -> h.remove("kid")));
        for (String id : List.of("", "unknown", "../../../../dev/null", ours.id() + " ", "' or 1=1 --", "\u0000")) {
            forged.put("kid '" + id + "'", header(h -> h.addProperty("kid", id)));
        }
        forged.put("kid of the next key", header(h -> h.addProperty("kid", nextId())));
        for (String type : List.of("JWT", "at+jwt", "registry+JWT", "application/registry+jwt", "")) {
            forged.put("typ '" + type + "'", header(h -> h.addProperty("typ", type)));
        }
        forged.put("no typ", header(h -> h.remove("typ")));
        forged.put("a cty", header(h -> h.addProperty("cty", "JWT")));
        for (String name : goodClaims.keySet()) {
            forged.put("without " + name, claims(c -> c.remove(name)));
            forged.put("null " + name, claims(c -> c.add(name, com.google.gson.JsonNull.INSTANCE)));
        }
        for (String name : List.of("exp", "nbf", "iat", "sv")) {
            forged.put(name + " as text", claims(c -> c.addProperty(name, "9999999999")));
            forged.put(name + " 1e99", claims(c -> c.addProperty(name, 1e99)));
            forged.put(name + " negative", claims(c -> c.addProperty(name, -1)));
        }
        forged.put("expired", claims(c -> c.addProperty("exp", 1_000_000_000)));
        forged.put("not yet", claims(c -> {
            c.addProperty("iat", 4_000_000_000L);
            c.addProperty("nbf", 4_000_000_000L);
            c.addProperty("exp", 4_000_001_000L);
        }));
        forged.put("another issuer", claims(c -> c.addProperty("iss", "0123456789abcdef01234567")));
        forged.put("another service", claims(c -> c.addProperty("aud", "registry.example.com")));
        forged.put(
                "our service and another",
                claims(c -> c.add("aud", list(world.visit().service(), "x"))));
        forged.put(
                "our service in a list",
                claims(c -> c.add("aud", list(world.visit().service()))));
        forged.put(
                "another connector",
                claims(c -> c.addProperty("aud", world.visit("second").service())));
        forged.put("an old security version", claims(c -> c.addProperty("sv", 0)));
        forged.put("a key that is none", claims(c -> c.addProperty("key", "zzzzzzzzzzzz")));
        forged.put("a key that is a number", claims(c -> c.addProperty("key", 7)));
        forged.put("access that is an object", claims(c -> c.add("access", new JsonObject())));
        forged.put("access of texts", claims(c -> c.add("access", list("repository:team/app:push"))));
        forged.put("groups that are a text", claims(c -> c.addProperty("groups", "admins")));
        forged.put("an array of claims", signed(goodHeader.toString(), "[" + claims + "]", ours.pair()));
        forged.put("no claims", signed(goodHeader.toString(), "", ours.pair()));
        forged.put("claims with something behind", signed(goodHeader.toString(), claims + "{}", ours.pair()));
        forged.put("aud twice", signed(goodHeader.toString(), "{\"aud\":\"x\"," + claims.substring(1), ours.pair()));
        forged.put(
                "sub twice, once escaped",
                signed(goodHeader.toString(), "{\"s\\u0075b\":\"bob\"," + claims.substring(1), ours.pair()));
        forged.put(
                "an action list twice",
                signed(
                        goodHeader.toString(),
                        claims.replace("\"actions\":", "\"actions\":[\"push\"],\"actions\":"),
                        ours.pair()));
        forged.put(
                "alg twice", signed("{\"alg\":\"none\"," + goodHeader.toString().substring(1), claims, ours.pair()));
        forged.put("deep claims", claims(c -> c.add("deep", deep(50))));
        forged.put("claims that are not UTF-8", notUtf8(claims));
        forged.put("no signature", parts[0] + "." + parts[1] + ".");
        forged.put("no signature and no dot", parts[0] + "." + parts[1]);
        forged.put("a header only", parts[0]);
        forged.put("four parts", good + "." + parts[2]);
        forged.put("five parts", good + "..");
        forged.put("padding", good + "=");
        forged.put("a line break", good + "\n");
        forged.put("a space", good.replace(".", " ."));
        forged.put("the other base64", good.replace('_', '/').replace('-', '+') + "+");
        forged.put("a signature of zeros", parts[0] + "." + parts[1] + "." + base64(new byte[64]));
        forged.put("a signature of r = s = n", parts[0] + "." + parts[1] + "." + base64(order()));
        forged.put("a short signature", parts[0] + "." + parts[1] + "." + base64(new byte[63]));
        forged.put("a signature with one bit more", parts[0] + "." + parts[1] + "." + trailingBit(parts[2]));
        forged.put("the signature of other claims", parts[0] + "." + base64(claims + " ") + "." + parts[2]);
        forged.put(
                "more access, the old signature",
                parts[0] + "." + base64(claims.replace("pull", "push")) + "." + parts[2]);
        forged.put("encrypted", parts[0] + "..AAAA.AAAA.AAAA");
        forged.put(
                "more than may be sent",
                signed(goodHeader.toString(), claims.replace("team/app", "a".repeat(17_000)), ours.pair()));
        return forged;
    }

    private String nextId() {
        return world.tokens.keys().list().stream()
                .filter(info -> info.state() == SigningKeys.State.NEXT)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private String notUtf8(String claims) {
        byte[] bytes = claims.getBytes(StandardCharsets.UTF_8);
        byte[] broken = Arrays.copyOf(bytes, bytes.length);
        broken[claims.indexOf("alice")] = (byte) 0xff;
        String input = base64(goodHeader.toString()) + "." + base64(broken);
        return input + "." + signature(input, ours.pair());
    }

    /** What leniently read base64 takes for the same bytes. */
    private static String trailingBit(String signature) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(signature.charAt(signature.length() - 1));
        return signature.substring(0, signature.length() - 1) + alphabet.charAt(last ^ 1);
    }

    private static byte[] order() {
        byte[] n = Curve.P_256.toECParameterSpec().getOrder().toByteArray();
        byte[] signature = new byte[64];
        System.arraycopy(n, n.length - 32, signature, 0, 32);
        System.arraycopy(n, n.length - 32, signature, 32, 32);
        return signature;
    }

    private static JsonElement deep(int depth) {
        JsonArray array = new JsonArray();
        if (depth > 0) {
            array.add(deep(depth - 1));
        }
        return array;
    }

    private static JsonArray list(String... values) {
        JsonArray array = new JsonArray();
        Stream.of(values).map(JsonPrimitive::new).forEach(array::add);
        return array;
    }

    private static JsonObject jwk(ECKey key) {
        return StrictJson.read(key.toPublicJWK().toJSONString()).orElseThrow();
    }

    @TestFactory
    List<DynamicTest> none_is_taken() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        forged().forEach((name, token) -> tests.add(DynamicTest.dynamicTest(
                name, () -> assertThat(world.refusal(token)).isEqualTo(Unauthorized.Reason.INVALID_TOKEN))));
        assertThat(tests).hasSizeGreaterThan(100);
        return tests;
    }

    @Test
    void what_they_are_made_from_is_good() {
        assertThat(world.show(good).principal()).isEqualTo(World.ALICE);
        assertThat(world.show(claims(c -> {})).principal()).isEqualTo(World.ALICE);
        assertThat(world.show(header(h -> {})).principal()).isEqualTo(World.ALICE);
    }
}
