package io.entrepot.server.cli;

import com.google.gson.JsonObject;

/** An image as people name it on a command line; whether it can be one is for the server to say. */
record ImageArgument(String repository, String reference) {

    /** What is done to an image is done to the one that was said: none is taken for {@code latest} here. */
    static ImageArgument parse(String text) {
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':');
        if (at >= 0) {
            return new ImageArgument(text.substring(0, at), text.substring(at + 1));
        }
        if (colon > text.lastIndexOf('/')) {
            return new ImageArgument(text.substring(0, colon), text.substring(colon + 1));
        }
        throw new CommandException(
                ExitCode.USAGE, "Say which tag or digest of " + text + ": " + text + ":TAG or " + text + "@DIGEST.");
    }

    JsonObject body() {
        JsonObject body = new JsonObject();
        body.addProperty("repository", repository);
        body.addProperty("reference", reference);
        return body;
    }
}
