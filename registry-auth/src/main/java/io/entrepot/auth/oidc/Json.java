package io.entrepot.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;

/** Reads the JSON that providers answer with. */
final class Json {
    private Json() {}

    /** @throws Outbound.FailedException if it is anything but one object */
    static Map<String, Object> object(String text) throws Outbound.FailedException {
        Map<String, Object> object;
        try {
            object = JSONObjectUtils.parse(text);
        } catch (ParseException e) {
            throw new Outbound.FailedException("its answer is no JSON", e);
        }
        // The library says null for the text null.
        if (object == null) {
            throw new Outbound.FailedException("its answer is no JSON object");
        }
        return object;
    }
}
