package org.felucca.hcs.document.process;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * A standard stream of a process.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#StdHandle">StdHandle</a>
 */
public enum StdHandle {
    /** Its input. */
    STDIN("StdIn"),

    /** Its output. */
    STDOUT("StdOut"),

    /** Its errors. */
    STDERR("StdErr"),

    /** All three. */
    ALL("All");

    private final String id;

    StdHandle(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Its name as a JSON value. */
    public JsonValue value() {
        return new JsonString(id);
    }
}
