package io.entrepot.auth.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.entrepot.auth.account.Identity;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Logs people in with an OpenID Connect provider: the authorisation code flow with PKCE, each login bound to the browser
 * that began it and good for one answer. Safe for all threads; calls may take as long as the provider does, 20 seconds at
 * most.
 */
public final class OidcLogin {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final int MAX_GROUPS = 1000;
    private static final int MAX_GROUP_LENGTH = 300;
    private static final int MAX_SUBJECT_LENGTH = 255;

    private final OidcOptions options;
    private final OidcProvider provider;
    private final Outbound outbound;
    private final SignedTokens tokens;
    private final People people;
    private final PendingLogins pending;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * A login that has begun.
     *
     * @param goTo where the browser is sent
     * @param browser what it is to keep as a cookie until it comes back
     */
    public record Begun(URI goTo, String browser) {}

    /** What the browser brings back from the provider, as it stands in the query; whatever is missing is empty. */
    public record Reply(String state, String code, String error, String issuer) {}

    /** Somebody who has proved to the provider who he is. */
    public record Person(Identity identity, ReturnPath returnTo) {}

    /** @throws IllegalArgumentException if the provider's certificates cannot be read */
    public OidcLogin(OidcOptions options, DocumentStore documents, InstantSource clock, SecureRandom random) {
        this(options, documents, clock, random, DEADLINE);
    }

    OidcLogin(
            OidcOptions options, DocumentStore documents, InstantSource clock, SecureRandom random, Duration deadline) {
        this.options = options;
        this.outbound = new Outbound(options.ca(), options.allowHttp(), deadline);
        this.provider = new OidcProvider(options.issuer(), outbound, clock);
        this.tokens = new SignedTokens(provider.issuer(), provider.keys(), clock);
        this.people = new People(documents, clock);
        this.pending = new PendingLogins(clock);
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param callback our address to which the provider sends the browser back, as it is registered there
     * @throws RegistryException.Unavailable if the provider cannot be asked
     */
    public Begun begin(URI callback, ReturnPath returnTo, InetAddress from) {
        String state = Chance.word(random);
        String nonce = Chance.word(random);
        String verifier = Chance.word(random);
        String browser = Chance.word(random);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", options.clientId());
        query.put("redirect_uri", callback.toString());
        query.put("scope", String.join(" ", options.scopes()));
        query.put("state", state);
        query.put("nonce", nonce);
        query.put("code_challenge", Chance.hash(verifier));
        query.put("code_challenge_method", "S256");
        URI goTo;
        try {
            URI endpoint = provider.endpoint("authorization_endpoint");
            Outbound.requireSafe(endpoint, options.allowHttp());
            goTo = URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + form(query));
        } catch (Outbound.FailedException | IllegalArgumentException e) {
            throw unavailable(e);
        }
        pending.add(
                state,
                new PendingLogins.Pending(
                        nonce,
                        verifier,
                        Chance.hash(browser),
                        returnTo,
                        callback,
                        from,
                        clock.instant().plus(PendingLogins.TIME)));
        return new Begun(goTo, browser);
    }

    /**
     * @param browser the cookie that the browser kept
     * @throws RegistryException.Denied if he is not let in, with a sentence for him
     * @throws RegistryException.Unavailable if the provider cannot be asked
     */
    public Person finish(Reply reply, String browser) {
        PendingLogins.Pending login = pending.take(reply.state())
                .filter(begun -> Chance.same(begun.browser(), Chance.hash(browser)))
                .orElseThrow(() -> new RegistryException.Denied(
                        "this login was not begun by this browser, was used already, or is older than 10 minutes:"
                                + " begin again",
                        "login"));
        try {
            requireAnswer(reply);
            Claims claims = tokens.verify(exchange(reply.code(), login), options.clientId());
            return new Person(identity(claims, login), login.returnTo());
        } catch (RejectedException e) {
            throw new RegistryException.Denied("the login is refused: " + e.getMessage(), "login");
        } catch (Outbound.FailedException e) {
            throw unavailable(e);
        }
    }

    private void requireAnswer(Reply reply) throws RejectedException, Outbound.FailedException {
        SignedTokens.require(
                reply.issuer().isEmpty()
                        ? !provider.namesItself()
                        : reply.issuer().equals(provider.issuer()),
                "the answer is not of the provider that was asked");
        SignedTokens.require(reply.error().isEmpty(), "the provider says " + word(reply.error()));
        SignedTokens.require(!reply.code().isEmpty(), "the provider gave no code");
    }

    /** An error's code, which is one word in what the specification knows; anything else is not repeated. */
    private static String word(String error) {
        return error.matches("[a-z_]{1,50}") ? error : "no";
    }

    /** @return the ID token, unverified */
    private String exchange(String code, PendingLogins.Pending login)
            throws RejectedException, Outbound.FailedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", login.callback().toString());
        form.put("code_verifier", login.verifier());
        Optional<String> header = Optional.empty();
        if (options.clientSecret().isEmpty() || provider.takesSecretInForm()) {
            form.put("client_id", options.clientId());
            options.clientSecret().ifPresent(secret -> form.put("client_secret", secret));
        } else {
            header =
                    Optional.of(basic(options.clientId(), options.clientSecret().get()));
        }
        Outbound.Answer answer = outbound.post(provider.endpoint("token_endpoint"), form(form), header);
        return idToken(answer);
    }

    private static String idToken(Outbound.Answer answer) throws RejectedException, Outbound.FailedException {
        Map<String, Object> values = Json.object(answer.body());
        if (answer.status() == 200 && values.get("id_token") instanceof String token) {
            return token;
        }
        SignedTokens.require(!"invalid_grant".equals(values.get("error")), "the provider does not take its code back");
        String error = word(String.valueOf(values.get("error")));
        throw new Outbound.FailedException("its token endpoint answers " + answer.status() + " (" + error + ")");
    }

    private Identity identity(Claims claims, PendingLogins.Pending login) throws RejectedException {
        SignedTokens.requireParty(claims, options.clientId());
        SignedTokens.require(
                Chance.same(login.nonce(), claims.text("nonce").orElse("")), "the ID token is of another login");
        SignedTokens.require(claims.time("iat").isPresent(), "the ID token does not say when it was made");
        String subject = claims.text("sub").orElse("");
        SignedTokens.require(
                !subject.isEmpty() && subject.length() <= MAX_SUBJECT_LENGTH, "the ID token does not say who it is");
        List<String> names = claims.texts(options.userClaim());
        SignedTokens.require(names.size() == 1, "the ID token has no claim " + options.userClaim());
        // Some providers let everybody write there what he likes.
        SignedTokens.require(
                !options.userClaim().equals("email")
                        || !claims.texts("email_verified").contains("false"),
                "the provider has not verified the e-mail address");
        Set<String> groups = groups(claims);
        Principal principal = people.welcome(provider.issuer(), subject, names.get(0), groups);
        return new Identity(principal, groups, Optional.empty(), Optional.empty());
    }

    /** Those to which roles could be given; what cannot be a group's name here gives no rights either. */
    private Set<String> groups(Claims claims) throws RejectedException {
        Set<String> groups = new HashSet<>(claims.texts(options.groupClaim()));
        groups.removeIf(group -> group.isEmpty()
                || group.length() > MAX_GROUP_LENGTH
                || group.chars().anyMatch(Character::isISOControl));
        SignedTokens.require(groups.size() <= MAX_GROUPS, "there are more than " + MAX_GROUPS + " groups");
        return groups;
    }

    private static String basic(String user, String secret) {
        String both = URLEncoder.encode(user, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    private static String form(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static RegistryException.Unavailable unavailable(Exception why) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "the identity provider cannot be asked now: try again in a moment",
                Optional.of(RETRY_AFTER),
                why);
    }
}
