package io.entrepot.auth.oidc;

import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.User;
import io.entrepot.auth.realm.Realm;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Programs that show a token of the platform they run on, as a bearer token or in place of a password under any name. A
 * rule takes them for one of our robots. Tokens of issuers without a rule are somebody else's business.
 */
public final class WorkloadRealm implements Realm {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration MAX_LIFETIME = Duration.ofHours(24);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final String ROBOT_PREFIX = "robot$";

    private final List<Rule> rules;
    private final InstantSource clock;

    private record Rule(WorkloadOptions options, SignedTokens tokens) {}

    /** @throws IllegalArgumentException if a rule's certificates cannot be read */
    public WorkloadRealm(List<WorkloadOptions> rules, InstantSource clock) {
        this(rules, clock, DEADLINE);
    }

    WorkloadRealm(List<WorkloadOptions> rules, InstantSource clock, Duration deadline) {
        this.clock = clock;
        this.rules = rules.stream()
                .map(options -> new Rule(
                        options, new SignedTokens(options.issuer().toString(), keys(options, clock, deadline), clock)))
                .toList();
    }

    private static IssuerKeys keys(WorkloadOptions options, InstantSource clock, Duration deadline) {
        Outbound outbound = new Outbound(options.ca(), options.allowHttp(), deadline);
        if (options.jwks().isEmpty()) {
            return new OidcProvider(options.issuer(), outbound, clock).keys();
        }
        URI jwks = options.jwks().get();
        return "file".equals(jwks.getScheme())
                ? IssuerKeys.ofFile(Path.of(jwks), clock)
                : new IssuerKeys(() -> outbound.get(jwks), clock);
    }

    @Override
    public String name() {
        return "workload";
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        String token = token(credentials);
        Optional<String> issuer = SignedTokens.claimedIssuer(token);
        List<Rule> candidates = rules.stream()
                .filter(rule -> issuer.isPresent()
                        && issuer.get().equals(rule.options().issuer().toString()))
                .toList();
        return candidates.isEmpty() ? new Verdict.NotMine() : judge(token, candidates);
    }

    private static String token(Credentials credentials) {
        if (credentials instanceof Credentials.Bearer bearer) {
            return bearer.token();
        }
        return credentials instanceof Credentials.Password password ? password.secret() : "";
    }

    private Verdict judge(String token, List<Rule> candidates) {
        String why = "";
        Optional<Outbound.FailedException> failure = Optional.empty();
        for (Rule rule : candidates) {
            try {
                return judge(token, rule);
            } catch (RejectedException e) {
                why += (why.isEmpty() ? "" : "; ") + "rule " + rule.options().name() + ": " + e.getMessage();
            } catch (Outbound.FailedException e) {
                failure = Optional.of(e);
            }
        }
        if (failure.isPresent()) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    "the issuer of this token cannot be asked for its keys now: try again in a moment",
                    Optional.of(RETRY_AFTER),
                    failure.get());
        }
        return new Verdict.Wrong(why);
    }

    private Verdict judge(String token, Rule rule) throws RejectedException, Outbound.FailedException {
        WorkloadOptions options = rule.options();
        Claims claims = rule.tokens().verify(token, options.audience());
        Instant since = claims.time("iat").orElse(clock.instant());
        Instant until = claims.time("exp").orElse(since);
        SignedTokens.require(!until.isAfter(since.plus(MAX_LIFETIME)), "it is good for more than 24 hours");
        for (Map.Entry<String, String> condition : options.claims().entrySet()) {
            Wildcard pattern = new Wildcard(condition.getValue());
            SignedTokens.require(
                    claims.texts(condition.getKey()).stream().anyMatch(pattern::matches),
                    "its claim " + condition.getKey() + " is another");
        }
        Identity robot =
                new Identity(robot(options), Set.of(), Optional.empty(), Optional.of("workload:" + options.name()));
        return new Verdict.Recognised(robot, OptionalLong.empty(), until.plus(SignedTokens.LEEWAY));
    }

    private static Principal robot(WorkloadOptions options) {
        String name = options.robot();
        return new Principal(User.REALM, name.startsWith(ROBOT_PREFIX) ? name : ROBOT_PREFIX + name);
    }
}
