package org.felucca.hcs.document.process;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * An event of the console that a process can be sent.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessSignal">ProcessSignal</a>
 */
public enum ProcessSignal {
    /** As if Ctrl+C were pressed. */
    CTRL_C("CtrlC"),

    /** As if Ctrl+Break were pressed. */
    CTRL_BREAK("CtrlBreak"),

    /** The console is closed. */
    CTRL_CLOSE("CtrlClose"),

    /** The user logs off. */
    CTRL_LOG_OFF("CtrlLogOff"),

    /** The system ends. */
    CTRL_SHUTDOWN("CtrlShutdown");

    private final String id;

    ProcessSignal(String id) {
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
