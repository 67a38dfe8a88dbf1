package io.entrepot.server.admin;

import com.google.gson.JsonObject;
import io.entrepot.auth.account.Assignee;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.NewKey;
import io.entrepot.auth.account.User;
import io.entrepot.core.Principal;
import java.util.List;

/** The API keys of somebody, whoever asks for them. The secret is in the answer to its making, and in no other. */
final class KeyRoutes {
    private static final int MOST = 100;

    private final Directory directory;
    private final Privileges privileges;

    KeyRoutes(Directory directory, Privileges privileges) {
        this.directory = directory;
        this.privileges = privileges;
    }

    /** A bare name is that of a user of this server, whom there must be. */
    Principal owner(String nameOrId) {
        Principal owner = Assignee.One.parse(Shapes.id(nameOrId)).principal();
        if (owner.realm().equals(User.REALM) && directory.user(owner.name()).isEmpty()) {
            throw AdminException.unknown("user " + Fields.shown(owner.name()));
        }
        return owner;
    }

    Answer list(Asked asked, Principal owner) {
        asked.query().only();
        return Shapes.list(asked.accounts().keys().of(asked.caller(), owner), Shapes::of);
    }

    Answer create(Asked asked, Principal owner) {
        Fields body = asked.body().only("label", "expires", "only");
        NewKey key = new NewKey(
                owner,
                body.string("label", ""),
                body.strings("only").map(only -> privileges.parse("only", bounded(only))),
                body.instant("expires"));
        NewKey.Issued issued = asked.accounts().keys().create(asked.caller(), key);
        JsonObject made = Shapes.of(issued.key());
        made.addProperty("secret", issued.text());
        return Shapes.made(made);
    }

    private static List<String> bounded(List<String> only) {
        if (only.isEmpty() || only.size() > MOST) {
            throw AdminException.field("only", "must be 1 to " + MOST + " privileges");
        }
        return only;
    }

    /** The id is judged together with its owner: that of somebody else is no id here. */
    Answer revoke(Asked asked, Principal owner, String id) {
        boolean his = directory.key(id).map(k -> k.owner().equals(owner.id())).orElse(false);
        if (!his) {
            throw AdminException.unknown("API key " + Fields.shown(id) + " of " + owner.name());
        }
        asked.accounts().keys().revoke(asked.caller(), id);
        return Answer.DONE;
    }
}
